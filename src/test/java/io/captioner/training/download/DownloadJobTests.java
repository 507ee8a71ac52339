package io.captioner.training.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.CaptionerApplication;
import io.captioner.training.data.CaptionDataset.LintMode;
import io.captioner.training.data.CaptionDataset;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.DatasetFiles.SplitFile;
import io.captioner.training.data.DatasetFiles;
import io.captioner.training.data.DrawnPictures;
import io.captioner.training.data.Split;
import io.captioner.training.data.source.CaptionFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;

class DownloadJobTests {
    @TempDir
    private Path folder;

    @Test
    void cocoIsFetchedUnpackedAndReadInPlace() throws IOException {
        try (FileServer server = new FileServer()) {
            server.put(
                    "/annotations/annotations_trainval2014.zip",
                    zip(Map.of(
                            "annotations/captions_train2014.json", captions("COCO_train2014_000000000009.jpg"),
                            "annotations/captions_val2014.json", captions("COCO_val2014_000000000042.jpg"),
                            "annotations/instances_val2014.json", new byte[9])));
            server.put(
                    "/zips/train2014.zip",
                    zip(Map.of("train2014/COCO_train2014_000000000009.jpg", DrawnPictures.jpeg(40, 30, 1))));
            server.put(
                    "/zips/val2014.zip",
                    zip(Map.of("val2014/COCO_val2014_000000000042.jpg", DrawnPictures.jpeg(30, 40, 2))));

            new SpringApplicationBuilder(CaptionerApplication.class)
                    .profiles("training")
                    .run(
                            "--captioner.job=download",
                            "--captioner.download.year=2014",
                            "--captioner.download.directory=" + folder,
                            "--captioner.download.base-url=" + server.uri(""))
                    .close();
        }

        assertThat(folder.resolve("train2014.zip.sha256")).content().matches("[0-9a-f]{64}  train2014\\.zip\\n");
        assertThat(folder.resolve("instances_val2014.json")).doesNotExist();
        DatasetFiles files = new DatasetFiles(
                CaptionFormat.AUTO,
                List.of(
                        SplitFile.of("train=" + folder.resolve("captions_train2014.json")),
                        SplitFile.of("val=" + folder.resolve("captions_val2014.json"))),
                List.of(folder.resolve("train2014.zip"), folder.resolve("val2014.zip")),
                List.of(),
                true);
        try (CaptionDataset data = CaptionDataset.read(files, LintMode.STRICT, null)) {
            assertThat(data.photos()).extracting(CaptionedPhoto::split).containsExactly(Split.TRAIN, Split.VALIDATION);
            assertThat(Files.readAllBytes(data.photos().get(1).file())).isEqualTo(DrawnPictures.jpeg(30, 40, 2));
        }
    }

    private static byte[] captions(String image) {
        return """
                {"info": {}, "images": [{"id": 1, "file_name": "%s"}], "annotations": [{"image_id": 1, "caption": "A ball"}]}""".formatted(image).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }
}
