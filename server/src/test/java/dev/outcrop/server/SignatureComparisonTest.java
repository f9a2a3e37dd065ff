package dev.outcrop.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * How long a refusal takes must not tell how much of a signature was guessed right. A test that takes the time would be
 * right only on a quiet machine; so this one looks at what compares them.
 */
class SignatureComparisonTest {
    private static final JavaClasses WIRE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.outcrop.wire");

    private static final String SAME = "SignatureVerifier.same";
    private static final Set<String> STOPS_AT_THE_FIRST_DIFFERENCE = Set.of(
            "String.equals",
            "String.equalsIgnoreCase",
            "String.compareTo",
            "String.compareToIgnoreCase",
            "String.contentEquals",
            "String.startsWith",
            "String.endsWith",
            "String.regionMatches",
            "Objects.equals",
            "Object.equals",
            "Arrays.equals",
            "Arrays.compare",
            "Arrays.mismatch");

    @Test
    void signaturesAreComparedInATimeThatDoesNotTellWhereTheyDiffer() {
        JavaCodeUnit same =
                codeUnits().filter(unit -> named(unit).equals(SAME)).findFirst().orElseThrow();

        assertThat(called(same)).contains("MessageDigest.isEqual");
        assertThat(called(same)).doesNotContainAnyElementsOf(STOPS_AT_THE_FIRST_DIFFERENCE);
    }

    @Test
    void whoeverComputesASignatureComparesItSoOrHandsItOn() {
        List<JavaCodeUnit> signing = codeUnits()
                .filter(unit -> called(unit).stream().anyMatch(name -> name.startsWith("SigningKey.sign")))
                .toList();

        assertThat(signing).as("methods that compute signatures").hasSizeGreaterThanOrEqualTo(4);
        for (JavaCodeUnit unit : signing) {
            boolean handsOn = unit.getRawReturnType().isEquivalentTo(String.class)
                    && !called(unit).contains(SAME);
            assertThat(handsOn || called(unit).contains(SAME))
                    .as("%s compares by %s", unit.getFullName(), SAME)
                    .isTrue();
        }
    }

    private static Stream<JavaCodeUnit> codeUnits() {
        return WIRE.stream().flatMap(type -> type.getCodeUnits().stream());
    }

    private static String named(JavaCodeUnit unit) {
        return unit.getOwner().getSimpleName() + "." + unit.getName();
    }

    private static Set<String> called(JavaCodeUnit unit) {
        return unit.getAccessesFromSelf().stream()
                .map(JavaAccess::getTarget)
                .map(target -> target.getOwner().getSimpleName() + "." + target.getName())
                .collect(Collectors.toSet());
    }
}
