package dev.outcrop.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the arrows of ARCHITECTURE.md. */
class ArchitectureTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.outcrop");

    @Test
    void theWholeHouseIsLookedAt() {
        assertThat(HOUSE.stream()
                        .map(type -> type.getPackageName().split("\\.")[2])
                        .distinct())
                .contains("shapes", "storage", "kernel", "wire", "engines", "services", "server");
    }

    @Test
    void enginesKnowNothingOfAws() {
        noClasses()
                .that()
                .resideInAPackage("dev.outcrop.engines..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon.awssdk..", "software.amazon.eventstream..")
                .check(HOUSE);
    }

    @Test
    void enginesStandAlone() {
        noClasses()
                .that()
                .resideInAPackage("dev.outcrop.engines..")
                .should()
                .dependOnClassesThat(housePackagesOutside("dev.outcrop.engines"))
                .check(HOUSE);
    }

    @Test
    void servicesDoNotKnowTheWire() {
        noClasses()
                .that()
                .resideInAPackage("dev.outcrop.services..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.outcrop.wire..", "dev.outcrop.server..", "io.helidon..")
                .check(HOUSE);
    }

    @Test
    void theWireKnowsNoService() {
        noClasses()
                .that()
                .resideInAPackage("dev.outcrop.wire..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.outcrop.services..",
                        "dev.outcrop.engines..",
                        "dev.outcrop.storage..",
                        "dev.outcrop.server..")
                .check(HOUSE);
    }

    @Test
    void theKernelStandsOnStorageAndShapes() {
        noClasses()
                .that()
                .resideInAPackage("dev.outcrop.kernel..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.outcrop.wire..", "dev.outcrop.services..", "dev.outcrop.engines..", "dev.outcrop.server..")
                .check(HOUSE);
    }

    @Test
    void shapesKnowNoHttp() {
        noClasses()
                .that()
                .resideInAPackage("dev.outcrop.shapes..")
                .should()
                .dependOnClassesThat(housePackagesOutside("dev.outcrop.shapes"))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("io.helidon..", "java.net.http..")
                .check(HOUSE);
    }

    @Test
    void storageStandsAlone() {
        noClasses()
                .that()
                .resideInAPackage("dev.outcrop.storage..")
                .should()
                .dependOnClassesThat(housePackagesOutside("dev.outcrop.storage"))
                .check(HOUSE);
    }

    @Test
    void noPackageIsNamedForNothing() {
        classes()
                .should()
                .resideOutsideOfPackages(
                        "..util..", "..utils..", "..helper..", "..common..", "..impl..", "..manager..", "..dto..")
                .check(HOUSE);
    }

    @Test
    void modulesHaveNoCycles() {
        slices().matching("dev.outcrop.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    /** How long a comparison takes would tell how much of a guessed signature is right. */
    @Test
    void whoeverComputesASignatureComparesItInATimeThatTellsNothing() {
        List<JavaCodeUnit> computing = HOUSE.stream()
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> accesses(unit, "dev.outcrop.wire.signature.SigningKey", "sign"))
                .toList();
        assertThat(computing).hasSizeGreaterThanOrEqualTo(5);
        assertThat(computing).allMatch(unit -> comparesInConstantTime(unit) || handsOn(unit));
        assertThat(HOUSE.get("dev.outcrop.wire.signature.SignatureVerifier").getMethods())
                .filteredOn(method -> method.getName().equals("same"))
                .hasSize(1)
                .allMatch(method -> accesses(method, "java.security.MessageDigest", "isEqual"));
    }

    private static boolean comparesInConstantTime(JavaCodeUnit unit) {
        return accesses(unit, "dev.outcrop.wire.signature.SignatureVerifier", "same");
    }

    /** Whether it is only a step on the way of those who compare. */
    private static boolean handsOn(JavaCodeUnit unit) {
        return unit.getRawReturnType().isEquivalentTo(String.class)
                && unit.getAccessesToSelf().stream().allMatch(access -> comparesInConstantTime(access.getOrigin()));
    }

    private static boolean accesses(JavaCodeUnit unit, String owner, String name) {
        return unit.getAccessesFromSelf().stream()
                .anyMatch(access -> access.getTarget().getOwner().getName().equals(owner)
                        && access.getName().equals(name));
    }

    private static DescribedPredicate<JavaClass> housePackagesOutside(String own) {
        return DescribedPredicate.describe(
                "reside in Outcrop outside of " + own,
                target -> target.getPackageName().startsWith("dev.outcrop.")
                        && !target.getPackageName().startsWith(own));
    }
}
