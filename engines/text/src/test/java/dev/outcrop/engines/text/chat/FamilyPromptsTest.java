package dev.outcrop.engines.text.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Message;
import dev.outcrop.engines.text.Prompt.Role;
import dev.outcrop.engines.text.chat.FamilyPrompts.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FamilyPromptsTest {
    private static void assertTurns(String prompt, Family family, Message... turns) {
        assertThat(FamilyPrompts.detect(prompt)).contains(family);
        assertThat(FamilyPrompts.read(prompt).messages()).containsExactly(turns);
        assertThat(FamilyPrompts.read(family, prompt).messages()).containsExactly(turns);
    }

    private static Message system(String text) {
        return Message.of(Role.SYSTEM, text);
    }

    private static Message user(String text) {
        return Message.of(Role.USER, text);
    }

    private static Message assistant(String text) {
        return Message.of(Role.ASSISTANT, text);
    }

    @Test
    void readsLlama2() {
        assertTurns(
                "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nWhat is a llama? [/INST] An animal. </s><s>[INST] Where? [/INST]",
                Family.LLAMA_2,
                system("Be brief."),
                user("What is a llama?"),
                assistant("An animal."),
                user("Where?"));
    }

    @Test
    void readsLlama3() {
        assertTurns("""
                <|begin_of_text|><|start_header_id|>system<|end_header_id|>

                You are kind.<|eot_id|><|start_header_id|>user<|end_header_id|>

                What can you help me with?<|eot_id|><|start_header_id|>assistant<|end_header_id|>
                """, Family.LLAMA_3, system("You are kind."), user("What can you help me with?"));
    }

    @Test
    void keepsTheBeginningOfTheLastAnswer() {
        assertTurns(
                "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nCount<|eot_id|>"
                        + "<|start_header_id|>assistant<|end_header_id|>\n\nOne, two,",
                Family.LLAMA_3,
                user("Count"),
                assistant("One, two,"));
        assertTurns("\n\nHuman: Count\n\nAssistant: One,", Family.CLAUDE, user("Count"), assistant("One,"));
        assertTurns("<s>[INST] Count [/INST] One,", Family.MISTRAL, user("Count"), assistant("One,"));
        assertTurns(
                "<|im_start|>user\nCount<|im_end|>\n<|im_start|>assistant\nOne,",
                Family.CHAT_ML,
                user("Count"),
                assistant("One,"));
    }

    @Test
    void readsMistral() {
        assertTurns(
                "<s>[INST] What is your favourite condiment? [/INST]Lemon juice.</s> [INST] Any recipes? [/INST]",
                Family.MISTRAL,
                user("What is your favourite condiment?"),
                assistant("Lemon juice."),
                user("Any recipes?"));
    }

    @Test
    void readsClaude() {
        assertTurns(
                "Answer in rhymes.\n\nHuman: Hello\nworld\n\nAssistant: Hi!\n\nHuman: Explain black holes to 8th graders"
                        + "\n\nAssistant:",
                Family.CLAUDE,
                system("Answer in rhymes."),
                user("Hello\nworld"),
                assistant("Hi!"),
                user("Explain black holes to 8th graders"));
    }

    @Test
    void leavesAClaudeQuotationWithinATurn() {
        assertTurns(
                "\n\nHuman: The file says\nHuman: resources\nAssistant: none\n\nAssistant:",
                Family.CLAUDE,
                user("The file says\nHuman: resources\nAssistant: none"));
    }

    @Test
    void readsTitan() {
        assertTurns(
                "User: Who was first on the moon?\nBot: Neil Armstrong.\nUser: When?\nBot:",
                Family.TITAN,
                user("Who was first on the moon?"),
                assistant("Neil Armstrong."),
                user("When?"));
    }

    @Test
    void readsChatMl() {
        assertTurns(
                "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
                Family.CHAT_ML,
                system("Be brief."),
                user("Hi"));
    }

    @Test
    void readsDeepSeek() {
        assertTurns(
                "<｜begin▁of▁sentence｜>Be brief.<｜User｜>Hi<｜Assistant｜>Hello<｜end▁of▁sentence｜><｜User｜>Bye<｜Assistant｜><think>\n",
                Family.DEEPSEEK,
                system("Be brief."),
                user("Hi"),
                assistant("Hello"),
                user("Bye"));
    }

    @Test
    void readsCommandR() {
        assertTurns(
                "<BOS_TOKEN><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>Be brief.<|END_OF_TURN_TOKEN|>"
                        + "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>Hi<|END_OF_TURN_TOKEN|>"
                        + "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>",
                Family.COMMAND_R,
                system("Be brief."),
                user("Hi"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Write a poem.",
                "User manuals: write one.\nBottom line: be short.",
                "The tag [INST] stands alone.",
                " surrounded by blanks \n",
                "[/INST] [INST"
            })
    void leavesOrdinaryTextAsOneTurn(String prompt) {
        Prompt.Chat chat = FamilyPrompts.read(prompt);

        assertThat(chat.messages()).containsExactly(user(prompt));
    }

    @Test
    void leavesTextWithoutTheFamilysMarkersAsOneTurn() {
        for (Family family : Family.values()) {
            assertThat(FamilyPrompts.read(family, "Just text.").messages()).containsExactly(user("Just text."));
        }
    }
}
