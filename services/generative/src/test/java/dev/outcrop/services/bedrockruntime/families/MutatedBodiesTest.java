package dev.outcrop.services.bedrockruntime.families;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.services.bedrockruntime.EmbeddingRoute;
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import dev.outcrop.services.bedrockruntime.TextRoute;
import dev.outcrop.services.bedrockruntime.WordsEmbeddingModel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/** Bodies that have been tampered with are answered or refused with a ValidationException, and nothing else. */
class MutatedBodiesTest {
    private static final String CHAT = "{'model':'M','temperature':0.5,'top_p':1,'stop':['E'],'seed':3,'max_tokens':9,"
            + "'logprobs':true,'top_logprobs':2,'response_format':{'type':'json_object'},'tool_choice':'auto',"
            + "'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object'}}}],"
            + "'messages':[{'role':'system','content':'a'},{'role':'user','content':[{'type':'text','text':'b'},"
            + "{'type':'image_url','image_url':{'url':'data:image/png;base64,aGk='}}]},"
            + "{'role':'assistant','tool_calls':[{'id':'1','function':{'name':'f','arguments':'{}'}}]},"
            + "{'role':'tool','tool_call_id':'1','content':'c'}]}";

    private static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry(
                    "amazon.titan-text-express-v1",
                    "{'inputText':'User: a','textGenerationConfig':{'temperature':0.5,'topP':1,'maxTokenCount':9,"
                            + "'stopSequences':['a']}}"),
            Map.entry("meta.llama3-8b-instruct-v1:0", "{'prompt':'a','temperature':0.5,'top_p':0.5,'max_gen_len':9}"),
            Map.entry("mistral.mistral-7b-instruct-v0:2", "{'prompt':'a','max_tokens':9,'top_k':5,'stop':['a']}"),
            Map.entry(
                    "anthropic.claude-v2:1",
                    "{'prompt':'\\n\\nHuman: a\\n\\nAssistant:','max_tokens_to_sample':9,'top_k':5,'temperature':1e0}"),
            Map.entry("deepseek.r1-v1:0", "{'prompt':'a','max_tokens':9,'stop':['a']}"),
            Map.entry(
                    "cohere.command-text-v14",
                    "{'prompt':'a','p':0.5,'k':3,'stream':true,'num_generations':1,'return_likelihoods':'ALL'}"),
            Map.entry(
                    "cohere.command-r-v1:0",
                    "{'message':'a','chat_history':[{'role':'USER','message':'b'}],'documents':[{'title':'c'}],"
                            + "'tools':[{'name':'d','description':'e','parameter_definitions':{'f':{'type':'int'}}}],"
                            + "'tool_results':[{'call':{'name':'d','parameters':{}},'outputs':[{'g':1}]}]}"),
            Map.entry(
                    "anthropic.claude-3-haiku-20240307-v1:0",
                    "{'anthropic_version':'bedrock-2023-05-31','max_tokens':2000,'system':[{'type':'text','text':'a',"
                            + "'cache_control':{'type':'ephemeral'}}],'tools':[{'name':'f','input_schema':{}}],"
                            + "'tool_choice':{'type':'auto'},'thinking':{'type':'enabled','budget_tokens':1024},"
                            + "'messages':[{'role':'user','content':[{'type':'image','source':{'type':'base64',"
                            + "'media_type':'image/png','data':'aGk='}},{'type':'document','source':{'type':'text',"
                            + "'data':'b'}}]},{'role':'assistant','content':[{'type':'tool_use','id':'1','name':'f',"
                            + "'input':{}}]},{'role':'user','content':[{'type':'tool_result','tool_use_id':'1',"
                            + "'content':'c'}]}]}"),
            Map.entry(
                    "amazon.nova-pro-v1:0",
                    "{'schemaVersion':'messages-v1','system':[{'text':'a'}],'inferenceConfig':{'maxTokens':9,"
                            + "'topK':3},'toolConfig':{'tools':[{'toolSpec':{'name':'f','inputSchema':{'json':{}}}}],"
                            + "'toolChoice':{'tool':{'name':'f'}}},'messages':[{'role':'user','content':[{'text':'b'},"
                            + "{'image':{'format':'png','source':{'bytes':'aGk='}}}]}]}"),
            Map.entry("openai.gpt-oss-20b-1:0", CHAT.replace("M", "openai.gpt-oss-20b-1:0")),
            Map.entry("ai21.jamba-1-5-mini-v1:0", CHAT.replace("M", "ai21.jamba-1-5-mini-v1:0")),
            Map.entry("mistral.mistral-large-2402-v1:0", CHAT.replace("M", "mistral.mistral-large-2402-v1:0")));

    private static final Map<String, String> EMBEDDING_BODIES = Map.of(
            "amazon.titan-embed-text-v2:0",
            "{'inputText':'a','dimensions':512,'normalize':true,'embeddingTypes':['float','binary']}",
            "cohere.embed-v4:0",
            "{'input_type':'clustering','inputs':[{'content':[{'type':'text','text':'a'}]}],'output_dimension':512,"
                    + "'embedding_types':['int8','base64'],'truncate':'LEFT','max_tokens':99}",
            "cohere.embed-english-v3",
            "{'input_type':'clustering','texts':['a','b'],'truncate':'END'}");

    private static final List<String> SPLICES = List.of(
            "null",
            "true",
            "-1",
            "1e999",
            "1e-999",
            "99999999999999999999",
            "0.5",
            "\"\"",
            "\"x\"",
            "[]",
            "{}",
            "[[]]",
            "[null]",
            "\"\\ud800x\"",
            "{\"a\":null}",
            ",",
            ":",
            "\"",
            "}",
            "]",
            "\\u0000",
            "\\ud800");

    private final ScriptedTextModel text = ScriptedTextModel.saying("Hi", "!");
    private final WordsEmbeddingModel embedding = new WordsEmbeddingModel(8);

    /** Bytes are cut out of a body and others put in their place, up to three times. */
    @Property(tries = 6000)
    void areAnsweredOrRefused(@ForAll("models") String modelId, @ForAll long seed) {
        Random random = new Random(seed);
        boolean embeds = EMBEDDING_BODIES.containsKey(modelId);
        String body = (embeds ? EMBEDDING_BODIES : BODIES).get(modelId).replace('\'', '"');
        for (int i = random.nextInt(3); i >= 0; i--) {
            int from = random.nextInt(body.length() + 1);
            int to = Math.min(body.length(), from + random.nextInt(12));
            body = body.substring(0, from) + SPLICES.get(random.nextInt(SPLICES.size())) + body.substring(to);
        }

        answeredOrRefused(modelId, embeds, body);
    }

    /** Each value of a body is replaced by each value of another type: well-formed JSON, wrong in one place. */
    @Property(tries = 3000)
    void withOtherValuesAreAnsweredOrRefused(@ForAll("models") String modelId, @ForAll long seed) {
        Random random = new Random(seed);
        boolean embeds = EMBEDDING_BODIES.containsKey(modelId);
        String body = (embeds ? EMBEDDING_BODIES : BODIES).get(modelId).replace('\'', '"');
        Matcher value = Pattern.compile(":(\"[^\"]*\"|[0-9.e]+|true|false|\\[\\]|\\{\\})")
                .matcher(body);
        List<MatchResult> values = value.results().toList();
        MatchResult chosen = values.get(random.nextInt(values.size()));
        String spliced = SPLICES.get(random.nextInt(15));
        body = body.substring(0, chosen.start(1)) + spliced + body.substring(chosen.end(1));

        answeredOrRefused(modelId, embeds, body);
    }

    private void answeredOrRefused(String modelId, boolean embeds, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try {
            if (embeds) {
                InvokedBody answer = Calls.FAMILIES.embedding(new EmbeddingRoute(modelId, "words", embedding), bytes);
                assertThat(Calls.tree(answer.body()).isObject()).isTrue();
            } else {
                InvokedBody answer = Calls.FAMILIES
                        .text(new TextRoute(modelId, "scripted", text), bytes, false)
                        .invoke();
                assertThat(Calls.tree(answer.body()).isObject()).isTrue();
            }
        } catch (ValidationException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.of(Stream.concat(BODIES.keySet().stream(), EMBEDDING_BODIES.keySet().stream())
                .sorted()
                .toList());
    }
}
