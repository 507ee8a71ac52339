package io.captioner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/**
 * The arrows between packages and the one place of each library, as the package table in docs/architecture.md draws
 * them.
 */
@AnalyzeClasses(packages = "io.captioner", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {
    @ArchTest
    static final ArchRule onlyApiKnowsSpringMvcAndSpringdoc = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.api..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework.web..", "jakarta.servlet..", "org.springdoc..", "io.swagger.v3.oas..");

    @ArchTest
    static final ArchRule onlyModelKnowsDjl = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.djl..");

    @ArchTest
    static final ArchRule onlyModelAndImageCallNativeLibraries = noClasses()
            .that()
            .resideOutsideOfPackages("io.captioner.model..", "io.captioner.image..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule onlyImageReadsMetadata = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.image..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.drew..");

    @ArchTest
    static final ArchRule onlyModelAndTrainingKnowTensorFlow = noClasses()
            .that()
            .resideOutsideOfPackages("io.captioner.model..", "io.captioner.training..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.tensorflow..");

    @ArchTest
    static final ArchRule onlyTrainingKnowsHdf = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.training..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.jhdf..");

    @ArchTest
    static final ArchRule onlySecurityKnowsTokens = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.security..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.security..", "com.nimbusds..");

    @ArchTest
    static final ArchRule onlyOperationsKnowsMetersAndActuator = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.operations..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.micrometer..",
                    "org.springframework.boot.actuate..",
                    "org.springframework.boot.health..",
                    "org.springframework.boot.micrometer..");

    @ArchTest
    static final ArchRule onlyImageAndAttentionDraw = noClasses()
            .that()
            .resideOutsideOfPackages("io.captioner.image..", "io.captioner.attention..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.awt..", "javax.imageio..", "com.twelvemonkeys..");

    @ArchTest
    static final ArchRule plainPackagesKnowNoSpring = noClasses()
            .that()
            .resideInAnyPackage("io.captioner.batching..", "io.captioner.text..", "io.captioner.attention..")
            .and()
            .haveSimpleNameNotEndingWith("package-info")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..");

    @ArchTest
    static final ArchRule onlyTheSparkJobKnowsSpark = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.bulk.spark..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..");

    /** Its classes are loaded by Spark, which has nothing else of the program. */
    @ArchTest
    static final ArchRule theSparkJobKnowsNothingElse = classes()
            .that()
            .resideInAPackage("io.captioner.bulk.spark..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.captioner.bulk.spark..",
                    "java..",
                    "org.apache.hadoop..",
                    "org.apache.spark..",
                    "org.jspecify.annotations..",
                    "org.slf4j..",
                    "scala..");

    @ArchTest
    static final ArchRule nobodyWritesToStandardStreams = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule nothingIsInjectedIntoFields =
            noFields().should().beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired");

    @Test
    void everyArrowBetweenModulesIsDrawnInTheirPackageInfo() {
        ApplicationModules.of(CaptionerApplication.class).verify();
    }
}
