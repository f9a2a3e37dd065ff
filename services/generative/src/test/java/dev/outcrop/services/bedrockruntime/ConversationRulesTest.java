package dev.outcrop.services.bedrockruntime;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointType;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultStatus;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class ConversationRulesTest {
    private static final ContentBlock HELLO = ContentBlock.fromText("Hello");

    @Test
    void takesAConversationThatAlternates() {
        accepts(request(Turns.user(HELLO), Turns.assistant(HELLO), Turns.user(HELLO)));
    }

    @Test
    void mustStartWithTheUser() {
        refuses(
                request(Turns.assistant(HELLO), Turns.user(HELLO)),
                "A conversation must start with a user message. Try again with a conversation that starts with a user"
                        + " message.");
    }

    @Test
    void mustAlternate() {
        refuses(
                request(Turns.user(HELLO), Turns.user(HELLO)),
                "A conversation must alternate between user and assistant roles. Make sure the conversation alternates"
                        + " between user and assistant roles and try again.");
    }

    @Test
    void mustEndWithTheUserUnlessTheModelGoesOn() {
        ConverseRequest request = request(Turns.user(HELLO), Turns.assistant(HELLO));

        refuses(
                request,
                "A conversation must end with a user message. Try again with a conversation that ends with a user"
                        + " message.");
        assertThatCode(() -> new ConversationRules(request, true).check()).doesNotThrowAnyException();
    }

    @Test
    void refusesEmptyMessagesAndBlankText() {
        refuses(
                request(Turns.user()),
                "The content field in the Message object at messages.0 is empty. Add a ContentBlock object to the content"
                        + " field and try again.");
        refuses(
                request(Turns.user(HELLO), Turns.assistant(HELLO, ContentBlock.fromText(" \n")), Turns.user(HELLO)),
                "The text field in the ContentBlock object at messages.1.content.1 is blank. Add text to the text field,"
                        + " and try again.");
        refuses(
                request(Turns.user(HELLO)).toBuilder()
                        .system(SystemContentBlock.fromText(" "))
                        .build(),
                "The text field in the SystemContentBlock object at system.0 is blank. Add text to the text field, and try"
                        + " again.");
    }

    @Test
    void everyToolUseNeedsItsResultNext() {
        refuses(
                withTools(Turns.user(HELLO), Turns.assistant(use("a"), use("b")), Turns.user(result("a"))),
                "Expected toolResult blocks at messages.2.content for the following Ids: b");
        refuses(
                withTools(Turns.user(HELLO), Turns.assistant(use("a")), Turns.user(HELLO)),
                "Expected toolResult blocks at messages.2.content for the following Ids: a");
        accepts(withTools(
                Turns.user(HELLO), Turns.assistant(use("a"), use("b")), Turns.user(result("b"), result("a"), HELLO)));
    }

    @Test
    void aResultNeedsItsToolUseBefore() {
        refuses(
                withTools(Turns.user(HELLO), Turns.assistant(HELLO), Turns.user(result("a"))),
                "The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks of previous"
                        + " turn.");
    }

    @Test
    void idsAreUsedOnce() {
        refuses(
                withTools(Turns.user(HELLO), Turns.assistant(use("a"), use("a")), Turns.user(result("a"))),
                "The toolUse blocks at messages.1.content contain duplicate Ids: a");
        refuses(
                withTools(Turns.user(HELLO), Turns.assistant(use("a"), use("b")), Turns.user(result("a"), result("a"))),
                "The toolResult blocks at messages.2.content contain duplicate Ids: a");
    }

    @Test
    void toolBlocksNeedATools() {
        refuses(
                request(Turns.user(HELLO), Turns.assistant(use("a")), Turns.user(result("a"))),
                "The toolConfig field must be defined when using toolUse and toolResult content blocks.");
    }

    @Test
    void eachRoleHasItsBlocks() {
        refuses(
                withTools(Turns.user(use("a"))),
                "User messages cannot contain tool uses. Please remove the tool uses and try again.");
        refuses(
                withTools(Turns.user(HELLO), Turns.assistant(result("a")), Turns.user(HELLO)),
                "Assistant messages cannot contain tool results. Please remove the tool results and try again.");
        refuses(
                request(Turns.user(HELLO), Turns.assistant(document("a")), Turns.user(HELLO)),
                "Assistant messages cannot contain documents. Please remove the documents and try again.");
    }

    @Test
    void toolInputAndOutputAreObjects() {
        refuses(
                withTools(
                        Turns.user(HELLO),
                        Turns.assistant(ContentBlock.fromToolUse(
                                use -> use.toolUseId("a").name("weather").input(Document.fromString("Oslo")))),
                        Turns.user(result("a"))),
                "The format of the value at messages.1.content.0.toolUse.input is invalid. Provide a json object for the"
                        + " field and try again.");
        refuses(
                withTools(
                        Turns.user(HELLO),
                        Turns.assistant(use("a")),
                        Turns.user(ContentBlock.fromToolResult(result -> result.toolUseId("a")
                                .content(ToolResultContentBlock.fromJson(Document.fromNumber(3)))))),
                "The format of the value at messages.2.content.0.toolResult.content.0.json is invalid. Provide a json"
                        + " object for the field and try again.");
        refuses(
                withTools(
                        Turns.user(HELLO),
                        Turns.assistant(use("a")),
                        Turns.user(ContentBlock.fromToolResult(
                                result -> result.toolUseId("a").status(ToolResultStatus.ERROR)))),
                "The content field at messages.2.content.0.toolResult cannot be empty when status value is error.");
    }

    @Test
    void documentsNeedTextNamesOfTheirOwnAndMeasure() {
        refuses(request(Turns.user(document("a"))), "A text block must be included when using documents.");
        refuses(
                request(Turns.user(HELLO, document("a"), document("a"))),
                "Messages can't contain duplicate document names. Rename the document and retry your request.");
        List<ContentBlock> blocks = new ArrayList<>(List.of(HELLO));
        Stream.of("a", "b", "c", "d", "e", "f")
                .map(ConversationRulesTest::document)
                .forEach(blocks::add);
        refuses(request(Turns.user(blocks.toArray(ContentBlock[]::new))), "at most 5 documents");
    }

    @Test
    void thereAreFourCachePointsAtMost() {
        ContentBlock point = ContentBlock.fromCachePoint(cachePoint -> cachePoint.type(CachePointType.DEFAULT));

        accepts(request(Turns.user(HELLO, point, point, point, point)));
        refuses(
                request(Turns.user(HELLO, point, point, point, point, point)),
                "A maximum of 4 blocks with cache_control may be provided. Found 5.");
    }

    private static void accepts(ConverseRequest request) {
        assertThatCode(() -> new ConversationRules(request, false).check()).doesNotThrowAnyException();
    }

    private static void refuses(ConverseRequest request, String message) {
        assertThatThrownBy(() -> new ConversationRules(request, false).check())
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(message);
    }

    private static ConverseRequest request(Message... messages) {
        return ConverseRequest.builder().messages(messages).build();
    }

    private static ConverseRequest withTools(Message... messages) {
        return request(messages).toBuilder().toolConfig(Turns.WEATHER_ONLY).build();
    }

    private static ContentBlock use(String id) {
        return ContentBlock.fromToolUse(use -> use.toolUseId(id)
                .name("weather")
                .input(Document.mapBuilder().putString("city", "Oslo").build()));
    }

    private static ContentBlock result(String id) {
        return ContentBlock.fromToolResult(
                result -> result.toolUseId(id).content(ToolResultContentBlock.fromText("Rain")));
    }

    private static ContentBlock document(String name) {
        return ContentBlock.fromDocument(
                document -> document.name(name).format("txt").source(source -> source.text("x")));
    }
}
