package dev.outcrop.engines.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.language.LanguageDetector.DetectedLanguage;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageDetectorTest {
    private final LanguageDetector detector = new LanguageDetector();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | It is raining today in Seattle, so we stay at home and read.",
                "de | Der Vertrag wurde gestern in Berlin unterschrieben.",
                "fr | Le contrat a été signé hier à Paris par les deux parties.",
                "es | El contrato se firmó ayer en Madrid con mucha prisa.",
                "it | Il contratto è stato firmato ieri a Roma da tutti.",
                "pt | O contrato foi assinado ontem em Lisboa pelas duas empresas.",
                "nl | Het contract werd gisteren in Amsterdam ondertekend.",
                "sv | Avtalet skrevs under i går i Stockholm av båda parter.",
                "pl | Umowa została wczoraj podpisana w Warszawie przez obie strony.",
                "tr | Sözleşme dün Ankara'da her iki tarafça imzalandı.",
                "ru | Договор был подписан вчера в Москве обеими сторонами.",
                "uk | Договір було підписано вчора в Києві обома сторонами.",
                "ar | تم توقيع العقد أمس في القاهرة من قبل الطرفين.",
                "fa | قرارداد دیروز در تهران توسط هر دو طرف امضا شد.",
                "hi | अनुबंध पर कल दिल्ली में दोनों पक्षों ने हस्ताक्षर किए।",
                "ja | 契約は昨日東京で署名されました。",
                "zh | 合同昨天在北京签署了。",
                "zh-TW | 我們昨天在臺北簽署了這個合約，會議開了三個小時。",
                "ko | 계약은 어제 서울에서 체결되었습니다.",
                "el | Η σύμβαση υπογράφηκε χθες στην Αθήνα.",
                "th | สัญญาได้ลงนามเมื่อวานนี้ที่กรุงเทพฯ"
            })
    void tellsLanguagesOfSentences(String code, String sentence) {
        List<DetectedLanguage> found = detector.detect(sentence);

        assertThat(found.getFirst().code()).isEqualTo(code);
    }

    @Test
    void namesBothLanguagesOfATextInTwo() {
        String english = "The committee has published its annual report on the state of the rivers and lakes. ";
        String german = "Der Ausschuss hat seinen jährlichen Bericht über den Zustand der Flüsse veröffentlicht. ";

        List<DetectedLanguage> found = detector.detect(english.repeat(3) + "\n" + german.repeat(3));

        assertThat(found).extracting(DetectedLanguage::code).contains("en", "de");
        assertThat(found.get(1).score()).isGreaterThan(0.3);
    }

    @Test
    void saysNothingWhereNothingIsWritten() {
        assertThat(detector.detect("12345 :-( 67")).isEmpty();
    }

    @Property(tries = 200)
    void scoresAreSharesOfOne(@ForAll String text) {
        double sum = detector.detect(text).stream()
                .mapToDouble(DetectedLanguage::score)
                .sum();

        assertThat(sum).isBetween(0.0, 1.0001);
    }
}
