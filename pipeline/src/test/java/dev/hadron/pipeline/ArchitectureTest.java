package dev.hadron.pipeline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The layers and rules of ARCHITECTURE.md, held against the classes. */
class ArchitectureTest {
    private static final int FEWEST_CLASSES = 120;

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.hadron");
    }

    @Test
    void theRulesSeeTheWholeProject() {
        assertThat(classes.size()).isGreaterThan(FEWEST_CLASSES);
        assertThat(classes.containPackage("dev.hadron.runtime.torch")).isTrue();
    }

    @Test
    void packagesHaveNoCycles() {
        slices().assignedFrom(new Packages()).should().beFreeOfCycles().check(classes);
    }

    @Test
    void layersDependOneWay() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("core")
                .definedBy(
                        "dev.hadron.error",
                        "dev.hadron.dtype",
                        "dev.hadron.tensor",
                        "dev.hadron.numerics..",
                        "dev.hadron.config",
                        "dev.hadron.observer",
                        "dev.hadron.quantizer",
                        "dev.hadron.rotation",
                        "dev.hadron.execution")
                .layer("checkpoint")
                .definedBy("dev.hadron.checkpoint..", "dev.hadron.packing", "dev.hadron.export..")
                .layer("model")
                .definedBy("dev.hadron.model..", "dev.hadron.plan", "dev.hadron.calibration")
                .layer("runtime-torch")
                .definedBy("dev.hadron.runtime.torch")
                .layer("algorithms")
                .definedBy("dev.hadron.algorithm..")
                .layer("pipeline")
                .definedBy("dev.hadron.pipeline..", "dev.hadron.report")
                .whereLayer("checkpoint")
                .mayOnlyAccessLayers("core")
                .whereLayer("model")
                .mayOnlyAccessLayers("core", "checkpoint")
                .whereLayer("runtime-torch")
                .mayOnlyAccessLayers("core", "model")
                .whereLayer("algorithms")
                .mayOnlyAccessLayers("core", "checkpoint", "model")
                .whereLayer("pipeline")
                .mayOnlyAccessLayers("core", "checkpoint", "model", "algorithms")
                .whereLayer("core")
                .mayNotAccessAnyLayer()
                .check(classes);
    }

    @Test
    void withinCoreDependenciesRunFromDtypeToQuantizer() {
        noClasses()
                .that()
                .resideInAPackage("dev.hadron.dtype")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.hadron.tensor",
                        "dev.hadron.numerics..",
                        "dev.hadron.config",
                        "dev.hadron.observer",
                        "dev.hadron.quantizer")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("dev.hadron.numerics..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.hadron.config", "dev.hadron.observer", "dev.hadron.quantizer", "dev.hadron.rotation")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("dev.hadron.config")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.hadron.tensor", "dev.hadron.numerics..", "dev.hadron.observer", "dev.hadron.quantizer")
                .check(classes);
    }

    @Test
    void onlyTheTorchRuntimeSeesTheNativeBindings() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.hadron.runtime.torch")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(classes);
    }

    @Test
    void onlyTheKernelsSeeTheVectorApi() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.hadron.numerics.internal")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(classes);
    }

    @Test
    void libraryCodePrintsNothingAndEndsNoProcess() {
        noClasses().should().accessField(System.class, "out").check(classes);
        noClasses().should().accessField(System.class, "err").check(classes);
        noClasses().should().callMethod(System.class, "exit", int.class).check(classes);
    }

    @Test
    void eachPackageIsNullMarkedAndExplained() {
        classes.stream()
                .map(c -> c.getPackage())
                .distinct()
                .forEach(p -> assertThat(isNullMarked(p)).as(p.getName()).isTrue());
    }

    /** Each package by itself, but for an internal one, which belongs to the package that it serves. */
    private static final class Packages implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            return SliceIdentifier.of(javaClass.getPackageName().replaceFirst("\\.internal$", ""));
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }

    private static boolean isNullMarked(JavaPackage javaPackage) {
        return javaPackage.tryGetAnnotationOfType(NullMarked.class).isPresent();
    }
}
