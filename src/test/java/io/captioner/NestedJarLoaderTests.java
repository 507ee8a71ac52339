package io.captioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NestedJarLoaderTests {
    private static final String FIRST = FirstSample.class.getName();
    private static final String SECOND = SecondSample.class.getName();

    private URLClassLoader slower;

    /** In the first jar. */
    static final class FirstSample {}

    /** In the second jar, and of the same package. */
    static final class SecondSample {}

    @BeforeEach
    void writeJars(@TempDir Path directory) throws Exception {
        slower = new URLClassLoader(
                new URL[] {jar(directory.resolve("a.jar"), FIRST), jar(directory.resolve("b.jar"), SECOND)},
                ClassLoader.getPlatformClassLoader());
    }

    @Test
    void aClassComesFromItsJarWithItsPackageAndOnlyOnce() throws Exception {
        NestedJarLoader loader = new NestedJarLoader(slower);

        Class<?> first = loader.loadClass(FIRST);

        assertThat(first.getClassLoader()).isSameAs(loader);
        assertThat(loader.loadClass(FIRST)).isSameAs(first);
        assertThat(first.getPackage().getImplementationVersion()).isEqualTo("7");
        assertThat(first.getProtectionDomain().getCodeSource().getLocation()).isEqualTo(slower.getURLs()[0]);
    }

    @Test
    void aPackageMayBeInSeveralJars() throws Exception {
        NestedJarLoader loader = new NestedJarLoader(slower);

        loader.loadClass(FIRST);
        Class<?> second = loader.loadClass(SECOND);

        assertThat(second.getClassLoader()).isSameAs(loader);
        assertThat(second.getProtectionDomain().getCodeSource().getLocation()).isEqualTo(slower.getURLs()[1]);
    }

    @Test
    void classesOfJavaAreTheOnesOfEverybodyAndOthersAreNotFound() throws Exception {
        NestedJarLoader loader = new NestedJarLoader(slower);

        assertThat(loader.loadClass(String.class.getName())).isSameAs(String.class);
        assertThat(loader.loadClass(java.sql.Date.class.getName())).isSameAs(java.sql.Date.class);
        assertThatThrownBy(() -> loader.loadClass("io.captioner.Nothing")).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void resourcesAndUrlsAreThoseOfTheOtherLoader() {
        NestedJarLoader loader = new NestedJarLoader(slower);
        String name = FIRST.replace('.', '/') + ".class";

        assertThat(loader.getResource(name)).isNotNull().isEqualTo(slower.getResource(name));
        assertThat(loader.getURLs()).isEqualTo(slower.getURLs());
    }

    @Test
    void onlyAProgramThatIsOneJarFits() {
        assertThat(NestedJarLoader.fits(slower)).isFalse();
    }

    private static URL jar(Path file, String type) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "7");
        String name = type.replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest);
                InputStream code = NestedJarLoaderTests.class.getResourceAsStream("/" + name)) {
            jar.putNextEntry(new JarEntry(name));
            Objects.requireNonNull(code).transferTo(jar);
        }
        return URI.create("jar:" + file.toUri() + "!/").toURL();
    }
}
