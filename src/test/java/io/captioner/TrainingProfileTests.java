package io.captioner;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

class TrainingProfileTests {
    @Test
    void noServingBeanIsMadeInATrainingJob() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(
                        "io.captioner.api", "io.captioner.caption", "io.captioner.operations", "io.captioner.security");
        List<JavaClass> beans = classes.stream()
                .filter(type -> type.isAnnotatedWith(Component.class) || type.isMetaAnnotatedWith(Component.class))
                .toList();

        assertThat(beans).hasSizeGreaterThan(8);
        assertThat(beans)
                .allSatisfy(bean -> assertThat(
                                bean.getAnnotationOfType(Profile.class).value())
                        .containsExactly("!training"));
    }
}
