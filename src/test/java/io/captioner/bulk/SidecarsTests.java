package io.captioner.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.bulk.Sidecars.Naming;
import io.captioner.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SidecarsTests {
    /** As digiKam and Lightroom write them: tags, a rating, people's names, a space of its own, and a title. */
    private static final String EXISTING = """
            <?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
             <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
              <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
                xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:mine="https://example.org/mine/"
                xmlns:lr="http://ns.adobe.com/lightroom/1.0/" xmp:Rating="4" mine:colour="blau">
               <dc:subject><rdf:Bag><rdf:li>Ostsee</rdf:li><rdf:li>Hund &amp; Herr</rdf:li></rdf:Bag></dc:subject>
               <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Am Strand</rdf:li></rdf:Alt></dc:title>
               <lr:hierarchicalSubject><rdf:Bag><rdf:li>Orte|Ostsee</rdf:li></rdf:Bag></lr:hierarchicalSubject>
               DESCRIPTION
              </rdf:Description>
             </rdf:RDF>
            </x:xmpmeta>
            <?xpacket end="w"?>
            """;

    @TempDir
    private Path folder;

    private final Sidecars sidecars = new Sidecars(Naming.FULL_NAME);

    @Test
    void aCaptionComesBackFromANewSidecarWhateverItsCharacters() throws IOException {
        Path photo = file("a.jpg", "");

        sidecars.write(photo, "a <dog> & a \"cat\" – 犬");

        assertThat(sidecars.description(photo)).isEqualTo("a <dog> & a \"cat\" – 犬");
        assertThat(Files.readString(folder.resolve("a.jpg.xmp")))
                .contains("xml:lang=\"x-default\"", "<dc:description>", "<?xpacket begin=");
        assertThat(photo).isEmptyFile();
    }

    @Test
    void allElseOfASidecarIsKept() throws IOException {
        Path photo = file("a.jpg", "");
        file("a.jpg.xmp", EXISTING.replace("DESCRIPTION", ""));
        assertThat(sidecars.description(photo)).isNull();

        sidecars.write(photo, "a dog on a beach");

        assertThat(sidecars.description(photo)).isEqualTo("a dog on a beach");
        assertThat(Files.readString(folder.resolve("a.jpg.xmp")))
                .contains(
                        "Ostsee",
                        "Hund &amp; Herr",
                        "Am Strand",
                        "Orte|Ostsee",
                        "mine:colour=\"blau\"",
                        "xmp:Rating=\"4\"");
    }

    @Test
    void aDescriptionInAnyLanguageIsOneAndABlankOneIsNone() throws IOException {
        Path photo = file("a.jpg", "");
        file("a.jpg.xmp", EXISTING.replace("DESCRIPTION", alt("fr-FR", "un chien")));
        assertThat(sidecars.description(photo)).isEqualTo("un chien");

        file("a.jpg.xmp", EXISTING.replace("DESCRIPTION", alt("x-default", " ")));
        assertThat(sidecars.description(photo)).isNull();

        file("a.jpg.xmp", EXISTING.replace("DESCRIPTION", "<dc:description>plain</dc:description>"));
        assertThat(sidecars.description(photo))
                .as("not in a list, as some programs write it")
                .isEqualTo("plain");
    }

    @Test
    void otherLanguagesStayWhenADescriptionIsReplaced() throws IOException {
        Path photo = file("a.jpg", "");
        file("a.jpg.xmp", EXISTING.replace("DESCRIPTION", alt("de-DE", "ein Hund")));

        sidecars.write(photo, "a dog");

        assertThat(Files.readString(folder.resolve("a.jpg.xmp"))).contains("ein Hund", "a dog");
    }

    @Test
    void aSidecarThatIsThereIsUsedByEitherCustom() throws IOException {
        Path photo = file("a.jpg", "");
        assertThat(sidecars.of(photo)).isEqualTo(folder.resolve("a.jpg.xmp"));
        assertThat(new Sidecars(Naming.STEM).of(photo)).isEqualTo(folder.resolve("a.xmp"));

        file("a.xmp", EXISTING.replace("DESCRIPTION", ""));
        assertThat(sidecars.of(photo)).isEqualTo(folder.resolve("a.xmp"));

        file("a.jpg.xmp", EXISTING.replace("DESCRIPTION", ""));
        assertThat(new Sidecars(Naming.STEM).of(photo)).isEqualTo(folder.resolve("a.jpg.xmp"));
    }

    @Test
    void aSidecarThatMayBeOfARawPhotoBesideItIsLeftToThat() throws IOException {
        Path photo = file("a.jpg", "");
        file("a.cr2", "");
        file("a.xmp", EXISTING.replace("DESCRIPTION", alt("x-default", "the raw photo")));

        assertThat(sidecars.of(photo)).isEqualTo(folder.resolve("a.jpg.xmp"));
        assertThat(new Sidecars(Naming.STEM).of(photo)).isEqualTo(folder.resolve("a.jpg.xmp"));
        assertThat(sidecars.description(photo)).isNull();
    }

    @Test
    void aSidecarThatCannotBeReadIsLeftAsItIs() throws IOException {
        Path photo = file("a.jpg", "");
        for (String broken : new String[] {
            "no xml", EXISTING.substring(0, 500), "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + EXISTING
        }) {
            Path sidecar = file("a.jpg.xmp", broken);

            assertThatThrownBy(() -> sidecars.write(photo, "a dog"))
                    .isInstanceOf(UnusableFileException.class)
                    .hasMessageContaining("a.jpg.xmp");
            assertThat(sidecar).hasContent(broken);
        }
    }

    private static String alt(String language, String text) {
        return "<dc:description><rdf:Alt><rdf:li xml:lang=\"%s\">%s</rdf:li></rdf:Alt></dc:description>"
                .formatted(language, text);
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
