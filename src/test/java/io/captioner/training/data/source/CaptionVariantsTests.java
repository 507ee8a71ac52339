package io.captioner.training.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.files.UnusableFileException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Captions files as programs and people write them: all hold the same two photos. */
class CaptionVariantsTests {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",image,caption,split\n0,a.jpg,\"A dog, a cat .\",train\n1,b.jpg,Un café .,val\n",
                "Unnamed: 0,split,file_name,text\n0,train,a.jpg,\"A dog, a cat .\"\n1,val,b.jpg,Un café .\n",
                "image;caption;split;;\r\na.jpg;A dog, a cat .;train;;\r\nb.jpg;Un café .;val;;\r\n;;;;\r\n",
                "sep=;\r\nimage;caption;split\r\na.jpg;A dog, a cat .;train\r\nb.jpg;Un café .;val\r\n",
                "image\tcaption\tsplit\na.jpg\tA dog, a cat .\ttrain\nb.jpg\tUn café .\tval\n",
                "image|caption|split\na.jpg|A dog, a cat .|train\nb.jpg|Un café .|val\n",
                "\uFEFF Image Path , Caption ,SPLIT\r\na.jpg,\"A dog, a cat .\",train\r\nb.jpg,Un café .,val\r\n",
                "image,caption,split\ra.jpg,\"A dog, a cat .\",train\rb.jpg,Un café .,val\r",
                "\"a;b;c;d\",image_id,image,description,set\n1,7,a.jpg,\"A dog, a cat .\",train\n2,8,b.jpg,Un café .,val\n",
                "filename,raw,sentences,split\na.jpg,x,\"['A dog, a cat .']\",train\nb.jpg,x,\"[\"\"Un café .\"\"]\",val\n",
                "[{\"image\": \"a.jpg\", \"caption\": \"A dog, a cat .\", \"split\": \"train\", \"image_id\": \"coco_1\"},\n {\"image\": \"b.jpg\", \"caption\": [\"Un café .\"], \"split\": \"val\"}]",
                "\uFEFF\n[{\"filepath\": \"x\", \"filename\": \"a.jpg\", \"split\": \"train\", \"sentences\": [{\"raw\": \"A dog, a cat .\"}]}, {\"filename\": \"b.jpg\", \"split\": \"val\", \"sentences\": [{\"tokens\": [\"Un\", \"café\", \".\"]}]}]",
                "{\"file_name\": \"a.jpg\", \"text\": \"A dog, a cat .\", \"split\": \"train\"}\r\n\r\n{\"file_name\": \"b.jpg\", \"text\": [\"Un café .\"], \"split\": \"val\"}\r\n",
                "\uFEFF{\n \"image\": \"a.jpg\",\n \"caption\": \"A dog, a cat .\", \"split\": \"train\"\n}\n{\n \"image\": \"b.jpg\",\n \"caption\": \"Un café .\", \"split\": \"val\"\n}\n",
                "{\"path\": \"a.jpg\", \"comments\": [\"A dog, a cat .\"], \"split\": \"train\"}\n{\"path\": \"b.jpg\", \"comments\": [\"Un café .\"], \"split\": \"val\"}\n"
            })
    void whatProgramsWriteIsToldAndReadInEveryUnicodeEncodingAndUnderAnyName(String text) throws IOException {
        for (String name : List.of("captions.csv", "captions.json", "metadata.jsonl", "captions")) {
            for (Charset charset : List.of(
                    StandardCharsets.UTF_8,
                    StandardCharsets.UTF_16LE,
                    StandardCharsets.UTF_16BE,
                    Charset.forName("UTF-32LE"))) {
                String marked =
                        charset.equals(StandardCharsets.UTF_8) || text.startsWith("\uFEFF") ? text : "\uFEFF" + text;
                Taken taken = read(Files.write(folder.resolve(name), marked.getBytes(charset)));

                assertThat(taken.faults).isEmpty();
                assertThat(taken.entries)
                        .extracting(entry -> entry.image() + entry.split() + entry.captions())
                        .containsExactlyInAnyOrder("a.jpgtrain[A dog, a cat .]", "b.jpgval[Un café .]");
            }
        }
    }

    @Test
    void severalCaptionColumnsAreAllCaptionsAndEmptyOnesAreNone() throws IOException {
        Taken taken =
                read("image,caption_1,Caption 2,caption,caption\na.jpg,A,B,C,D\nb.jpg,E,,  ,\nb.jpg,F,,,\nc.jpg,,,,\n");

        assertThat(taken.entries)
                .extracting(CaptionEntry::captions)
                .containsExactly(List.of("A", "B", "C", "D"), List.of("E", "F"), List.of(""));
    }

    @Test
    void raggedRowsAreNamedByLineAndTheRestIsRead() throws IOException {
        Taken taken = read("sep=;\nimage;caption;split\na.jpg;A;train;\nb.jpg;B\nc.jpg;C;D;train\nd.jpg;D;val\n");

        assertThat(taken.entries).extracting(CaptionEntry::image).containsExactly("a.jpg", "d.jpg");
        assertThat(taken.faults)
                .containsExactly(
                        "file, line 4: 2 fields under 3 columns; a caption with separators (';') needs quotes",
                        "file, line 5: 4 fields under 3 columns; a caption with separators (';') needs quotes");
    }

    @Test
    void rowsOfOneImageInAnArrayAreItsCaptions() throws IOException {
        Taken taken = read(
                "[{\"image\": \"v/a.jpg\", \"caption\": \"A\"}, {\"image\": \"v/a.jpg\", \"caption\": \"B\"}, {\"image\": \"b.jpg\"}]");

        assertThat(taken.entries).containsExactly(new CaptionEntry("file, [0]", "v/a.jpg", null, List.of("A", "B")));
        assertThat(taken.faults).singleElement().asString().startsWith("file, [2]: ");
    }

    @Test
    void cocoIdsMayBeTextsAndNumbersInOneFile() throws IOException {
        Taken taken = read(
                "\uFEFF{\"images\": [{\"id\": \"x1\", \"file_name\": \"a.jpg\"}, {\"id\": 2, \"file_name\": \"b.jpg\"}], \"annotations\": [{\"image_id\": \"x1\", \"caption\": \"A\"}, {\"image_id\": \"2\", \"caption\": \"B\"}]}");

        assertThat(taken.faults).isEmpty();
        assertThat(taken.entries).extracting(CaptionEntry::captions).containsExactly(List.of("A"), List.of("B"));
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1252, Ein großer Hund läuft über die Straße, Windows-1252",
        "ISO-8859-1, Un café, Windows-1252",
        "windows-31j, 犬が公園で走っている, SHIFT_JIS",
        "GBK, 一只狗在草地上奔跑, GB18030",
        "windows-1251, Собака бежит по траве, Windows-1251"
    })
    void anotherEncodingIsRefusedByItsNameAndLine(String charset, String caption, String guess) throws IOException {
        byte[] csv = ("image,caption\n" + "x.jpg,A dog\n".repeat(3000) + "a.jpg," + caption + "\n")
                .getBytes(Charset.forName(charset));

        assertRefused(csv, "line 3002 looks like " + guess, "save it as UTF-8");
        assertRefused(
                ("[{\"image\": \"a.jpg\", \"caption\": \"" + caption + "\"}]").getBytes(Charset.forName(charset)),
                "line 1 looks like " + guess);
    }

    @Test
    void utf16WithoutItsMarkIsRefusedByName() throws IOException {
        assertRefused("image,caption\n".getBytes(StandardCharsets.UTF_16LE), "UTF-16 without a byte order mark");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a.jpg\": [\"A dog\"]}|is JSON, but an object with [a.jpg]",
                "[\"a.jpg\"]|is JSON, but an array without objects",
                "[]|is JSON, but an array without objects",
                "[{\"url\": \"a\", \"caption\": \"A\"}]|is JSON, but an array of objects with [url, caption]",
                "[{\"image\": \"a.jpg\", \"caption\": \"A\"}, {\"ima|near line 1, column",
                "{\"images\": [{\"id\": 1, \"file_name\": \"a.j|near line 1, column",
                "{\"images\": [{\"id\": 1, \"file_name\": \"a\"}], \"annotations\": [{\"image_id\": 1, \"bbox\": []}]}|captions_*.json",
                "name,words|begins with the columns [name, words]",
                "image,caption\\na.jpg,\"A \"dog\" runs\"|line",
                "<!DOCTYPE html><title>404</title>|HTML page",
                "version https://git-lfs.github.com/spec/v1|git lfs pull",
                "PK\3\4workbook|save it as 'CSV UTF-8'"
            })
    void whatIsNotReadIsRefusedByWhatItIs(String text, String said) throws IOException {
        assertRefused(text.replace("\\n", "\n").replace("\\3\\4", "\3\4").getBytes(StandardCharsets.UTF_8), said);
    }

    @Test
    void anEmptyFileAndAFolderAreRefused() throws IOException {
        assertRefused(new byte[0], "is empty");
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> read(folder))
                .withMessageContaining("is a folder");
    }

    private void assertRefused(byte[] bytes, String... said) throws IOException {
        Path file = Files.write(folder.resolve("file"), bytes);
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> read(file))
                .satisfies(e -> assertThat(e).hasMessageContainingAll(said).hasMessageContaining(file.toString()));
    }

    private Taken read(String text) throws IOException {
        return read(Files.writeString(folder.resolve("file"), text));
    }

    private static Taken read(Path file) throws IOException {
        Taken taken = new Taken();
        CaptionFormat.AUTO.read(file, taken);
        return taken;
    }

    private static final class Taken implements CaptionEntry.Sink {
        private final List<CaptionEntry> entries = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();

        @Override
        public void entry(CaptionEntry entry) {
            entries.add(entry);
        }

        @Override
        public void unreadable(String where, String why) {
            faults.add(where + ": " + why);
        }
    }
}
