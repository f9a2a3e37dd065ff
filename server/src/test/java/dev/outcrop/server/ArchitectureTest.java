package dev.outcrop.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the arrows of ARCHITECTURE.md. */
@AnalyzeClasses(packages = "dev.outcrop", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule enginesKnowNothingOfAws = noClasses()
            .that()
            .resideInAPackage("dev.outcrop.engines..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon.awssdk..", "software.amazon.eventstream..");

    @ArchTest
    static final ArchRule enginesStandAlone = noClasses()
            .that()
            .resideInAPackage("dev.outcrop.engines..")
            .should()
            .dependOnClassesThat(housePackagesOutside("dev.outcrop.engines"));

    @ArchTest
    static final ArchRule servicesDoNotKnowTheWire = noClasses()
            .that()
            .resideInAPackage("dev.outcrop.services..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.outcrop.wire..", "dev.outcrop.server..", "io.helidon..");

    @ArchTest
    static final ArchRule theWireKnowsNoService = noClasses()
            .that()
            .resideInAPackage("dev.outcrop.wire..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.outcrop.services..", "dev.outcrop.engines..", "dev.outcrop.storage..", "dev.outcrop.server..");

    @ArchTest
    static final ArchRule theKernelStandsOnStorageAndShapes = noClasses()
            .that()
            .resideInAPackage("dev.outcrop.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.outcrop.wire..", "dev.outcrop.services..", "dev.outcrop.engines..", "dev.outcrop.server..");

    @ArchTest
    static final ArchRule shapesKnowNoHttp = noClasses()
            .that()
            .resideInAPackage("dev.outcrop.shapes..")
            .should()
            .dependOnClassesThat(housePackagesOutside("dev.outcrop.shapes"))
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("io.helidon..", "java.net.http..");

    @ArchTest
    static final ArchRule storageStandsAlone = noClasses()
            .that()
            .resideInAPackage("dev.outcrop.storage..")
            .should()
            .dependOnClassesThat(housePackagesOutside("dev.outcrop.storage"));

    @ArchTest
    static final ArchRule noPackageIsNamedForNothing = classes()
            .should()
            .resideOutsideOfPackages(
                    "..util..", "..utils..", "..helper..", "..common..", "..impl..", "..manager..", "..dto..");

    @ArchTest
    static final ArchRule modulesHaveNoCycles =
            slices().matching("dev.outcrop.(*)..").should().beFreeOfCycles();

    private static DescribedPredicate<JavaClass> housePackagesOutside(String own) {
        return DescribedPredicate.describe(
                "reside in Outcrop outside of " + own,
                target -> target.getPackageName().startsWith("dev.outcrop.")
                        && !target.getPackageName().startsWith(own));
    }
}
