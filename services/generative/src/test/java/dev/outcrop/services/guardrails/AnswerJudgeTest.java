package dev.outcrop.services.guardrails;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import software.amazon.awssdk.services.bedrock.model.GetGuardrailResponse;
import software.amazon.awssdk.services.bedrock.model.GuardrailPiiEntity;

class AnswerJudgeTest {
    private static final Applied MASKS = new Applied(
            GetGuardrailResponse.builder()
                    .guardrailId("g")
                    .sensitiveInformationPolicy(
                            policy -> policy.piiEntities(List.of("EMAIL", "CREDIT_DEBIT_CARD_NUMBER", "PHONE").stream()
                                    .map(type -> GuardrailPiiEntity.builder()
                                            .type(type)
                                            .action("ANONYMIZE")
                                            .build())
                                    .toList()))
                    .build(),
            new KeywordFilters());

    @Provide
    Arbitrary<List<String>> pieces() {
        return Arbitraries.of(
                        "word", "a.b@c.org", "4111 1111 1111 1111", "+49 555 1234", "x😀y", "long" + "er".repeat(40))
                .list()
                .ofMinSize(1)
                .ofMaxSize(150)
                .map(words -> String.join(" ", words))
                .flatMap(text -> Arbitraries.integers().between(1, 40).map(size -> cut(text, size)));
    }

    private static List<String> cut(String text, int size) {
        return List.of(text.split("(?<=\\G.{" + size + "})"));
    }

    @Property(tries = 200)
    void whateverPiecesAnAnswerComesInItIsMaskedAsTheWholeIs(@ForAll("pieces") List<String> pieces) {
        String whole = String.join("", pieces);
        Applied.Judged expected = MASKS.judge(Direction.OUTPUT, List.of(whole), List.of(), 0, Optional.empty());

        AnswerJudge judge = MASKS.answer(true);
        StringBuilder written = new StringBuilder();
        StringBuilder said = new StringBuilder();
        for (String piece : pieces) {
            written.append(piece);
            if (judge.isDue(written.length())) {
                said.append(judge.judge(written, false, Optional.empty()).orElseThrow());
            }
        }
        said.append(judge.judge(written, true, Optional.empty()).orElseThrow());

        assertThat(said).hasToString(expected.texts().getFirst());
        assertThat(judge.assessment().findings().stream().filter(Finding::detected))
                .containsExactlyInAnyOrderElementsOf(expected.assessment().findings().stream()
                        .filter(Finding::detected)
                        .toList());
        assertThat(judge.assessment().guardedCharacters()).isEqualTo(whole.codePointCount(0, whole.length()));
    }
}
