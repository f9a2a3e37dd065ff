package dev.outcrop.engines.language.european;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * The words of a language that tell what a name names.
 *
 * @param titles        stand before persons
 * @param prepositions  stand before places
 * @param organizations begin or end the names of organizations
 * @param kinds         say that an organization follows
 * @param joins         stand inside of names, between capitals
 * @param openers       begin sentences and are no names, though they have a capital there
 */
record NameRules(
        Set<String> titles,
        Set<String> prepositions,
        Set<String> organizations,
        Set<String> kinds,
        Set<String> joins,
        Set<String> openers) {
    private static final Map<Language, NameRules> ALL = Map.of(
            Language.GERMAN,
            of(
                    "Herr Herrn Frau Dr. Dr Prof. Professor Professorin Präsident Präsidentin Kanzler Bundeskanzler Bundeskanzlerin Kanzlerin Minister Ministerin König Königin Papst Trainer Trainerin Sänger Sängerin Autor Autorin Direktor Direktorin Chef Chefin",
                    "in nach aus bei um von",
                    "GmbH AG KG SE e.V. Universität Ministerium Bundesbank Bank Verein Partei Gewerkschaft Institut Stiftung Verlag Zeitung Bundestag Bundesrat Bundeswehr Bundesliga Polizei Gruppe Werke Motors Airlines Energie Klinik Akademie Museum Commerzbank Krankenkasse",
                    "Firma Unternehmen Konzern Hersteller Autobauer Verein Partei Zeitung Bank Verlag Versicherer",
                    "von van der den zu und am im für de",
                    "Der Die Das Ein Eine Einen Im Am In Mit Nach Vor Für Bei Auf An Aus Ich Wir Sie Er Es Du Ihr Und Aber Wenn Als Wie Was Wer Wo Heute Gestern Morgen Mein Meine Unser Unsere Dieser Diese Dieses"),
            Language.SPANISH,
            of(
                    "señor señora señorita sr. sra. srta. don doña doctor doctora dr. dra. presidente presidenta ministro ministra rey reina papa alcalde alcaldesa profesor profesora director directora entrenador cantante escritor escritora actor actriz llamo llama",
                    "en desde hacia a de por",
                    "S.A. S.L. SA SL Banco Universidad Ministerio Gobierno Partido Instituto Fundación Grupo Compañía Empresa Hospital Museo Real Ayuntamiento Tribunal Congreso Senado Parlamento Comisión Unión Asociación Federación Club Academia Cruz Policía",
                    "empresa compañía grupo banco partido club equipo multinacional fabricante diario universidad firma",
                    "de del la las los y e",
                    "El La Los Las Un Una Unos Unas En Con Por Para De Del Al A Y Pero Si No Se Me Te Nos Le Les Lo Mi Mis Su Sus Tu Este Esta Esto Ese Esa Eso Hay Es Son Fue Cuando Como Qué Quién Dónde Hoy Ayer Mañana Todo Todos Muy Más Según Tras Desde Hasta Ya También Nuestro Nuestra Yo Ella Él Ellos"),
            Language.FRENCH,
            of(
                    "monsieur madame mademoiselle m. mme mlle docteur dr maître président présidente ministre roi reine pape maire professeur professeure directeur directrice entraîneur chanteur chanteuse écrivain acteur actrice appelle",
                    "à en au aux vers depuis de chez",
                    "SA SARL SAS Banque Université Ministère Gouvernement Parti Institut Fondation Groupe Compagnie Société Hôpital Musée Mairie Tribunal Assemblée Sénat Parlement Commission Union Association Fédération Club Académie Croix Police Conseil Air Crédit",
                    "entreprise société groupe banque parti club équipe constructeur multinationale fabricant quotidien firme université",
                    "de du des d' d’ la le les l' l’ et en",
                    "Le La Les L' L’ Un Une Des Du De D' D’ En Avec Par Pour Dans Sur À A Au Aux Et Mais Si Ne Il Elle Ils Elles On Nous Vous Je J' J’ Tu Ce Cette Ces Cet C' C’ Mon Ma Mes Son Sa Ses Notre Nos Votre Vos Leur Leurs Qui Que Quand Comme Où Hier Demain Aujourd'hui Selon Après Avant Depuis Très Tout Tous Toute Sans Chez Est Qu' Qu’ Lors"),
            Language.ITALIAN,
            of(
                    "signor signora signorina sig. sig.ra dott. dottor dottore dottoressa presidente ministro ministra re regina papa sindaco professor professore professoressa direttore direttrice allenatore cantante scrittore scrittrice attore attrice chiamo chiama",
                    "a in da verso ad di",
                    "S.p.A. SpA S.r.l. Srl Banca Università Ministero Governo Partito Istituto Fondazione Gruppo Compagnia Società Ospedale Museo Comune Tribunale Camera Senato Parlamento Commissione Unione Associazione Federazione Club Accademia Croce Polizia Consiglio",
                    "azienda società gruppo banca partito club squadra casa multinazionale quotidiano ditta impresa università",
                    "di del della dei delle degli da dal la lo il e d' d’ dell' dell’",
                    "Il Lo La I Gli Le L' L’ Un Una Uno Un' Un’ In Con Per Di Del Della Dei Delle A Al Alla E Ed Ma Se Non Si Mi Ti Ci Vi Che Chi Quando Come Dove Oggi Ieri Domani Mio Mia Suo Sua Nostro Nostra Questo Questa Quello Quella Secondo Dopo Prima Da Dal Dalla Tutti Tutto Molto È Sono Nel Nella Nei Sul Sulla Io Lui Lei Loro Noi"),
            Language.PORTUGUESE,
            of(
                    "senhor senhora sr. sra. dom dona doutor doutora dr. dra. presidente presidenta ministro ministra rei rainha papa prefeito prefeita professor professora diretor diretora treinador cantor cantora escritor escritora ator atriz chamo chama",
                    "em no na nos nas para desde a de",
                    "S.A. SA Ltda Ltda. Lda Lda. Banco Universidade Ministério Governo Partido Instituto Fundação Grupo Companhia Empresa Hospital Museu Câmara Tribunal Congresso Senado Parlamento Comissão União Associação Federação Clube Academia Cruz Polícia Supremo",
                    "empresa companhia grupo banco partido clube equipa equipe multinacional fabricante jornal universidade firma construtora",
                    "de da do das dos e",
                    "O A Os As Um Uma Uns Umas Em No Na Nos Nas Com Por Para De Da Do Das Dos Ao À E Mas Se Não Eu Ele Ela Eles Elas Nós Você Vocês Meu Minha Seu Sua Este Esta Esse Essa Isto Isso Há É São Foi Quando Como Que Quem Onde Hoje Ontem Amanhã Tudo Todos Muito Mais Segundo Após Desde Até Já Também Nosso Nossa Pela Pelo"));

    static NameRules in(Language language) {
        return ALL.get(language);
    }

    private static NameRules of(
            String titles, String prepositions, String organizations, String kinds, String joins, String openers) {
        return new NameRules(
                words(titles), words(prepositions), words(organizations), words(kinds), words(joins), words(openers));
    }

    private static Set<String> words(String words) {
        return Set.copyOf(Arrays.asList(words.split(" ")));
    }
}
