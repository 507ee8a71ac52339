package io.captioner.training.data;

import io.captioner.files.UnusableFileException;
import io.captioner.image.ImageSize;
import io.captioner.image.Photo;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.UnreadableImageException;
import io.captioner.jobs.Progress;
import io.captioner.model.Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The look at every picture before training: each is read whole, hashed and decoded as the service decodes it.
 *
 * <p>What was found of a good picture is remembered in a file and believed while the picture's place, size and time of
 * change are the same; a picture that was refused is decoded anew every time. The file grows picture by picture, so a
 * look that was killed goes on where it was. One process at a time may use the file.
 */
public final class ImageValidator {
    /** Decoding is what is asked for, not the pixels: a small target costs little resampling. */
    private static final ImageSize TARGET = new ImageSize(16, 16);

    private final PhotoDecoder decoder;
    private final Path memory;
    private final Progress progress;

    /** @param memory the file of what was found, made if absent */
    public ImageValidator(PhotoDecoder decoder, Path memory, Progress progress) {
        this.decoder = decoder;
        this.memory = memory;
        this.progress = progress;
    }

    /**
     * What a look found.
     *
     * @param readable the good pictures
     * @param refused why the others are none
     */
    public record ResultCache(Map<Path, ImageFacts> readable, Map<Path, String> refused) {}

    private record Look(@Nullable ImageFacts facts, String refusal) {}

    /**
     * Looks at pictures, on as many threads as there are processors.
     *
     * @throws IOException if the file of what was found cannot be read or written; a picture that cannot be read is
     *     among the refused
     */
    public ResultCache inspect(Collection<Path> pictures) throws IOException {
        ResultCache findings = new ResultCache(new LinkedHashMap<>(), new LinkedHashMap<>());
        try (ImageValidationCache known = ImageValidationCache.open(memory)) {
            List<Path> unknown = new ArrayList<>();
            for (Path picture : pictures) {
                known.find(picture)
                        .ifPresentOrElse(facts -> findings.readable().put(picture, facts), () -> unknown.add(picture));
            }
            if (!unknown.isEmpty()) {
                lookAt(unknown, findings, known);
            }
        }
        return findings;
    }

    private void lookAt(List<Path> pictures, ResultCache findings, ImageValidationCache known) throws IOException {
        ExecutorService lookers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), ImageValidator::daemon);
        try (Progress.Task task = progress.start("pictures", pictures.size())) {
            List<Future<Look>> looks = new ArrayList<>();
            pictures.forEach(picture -> looks.add(lookers.submit(() -> look(picture))));
            for (int i = 0; i < looks.size(); i++) {
                Path picture = pictures.get(i);
                Look look = looks.get(i).get();
                if (look.facts() == null) {
                    findings.refused().put(picture, look.refusal());
                } else {
                    findings.readable().put(picture, look.facts());
                    known.add(picture, look.facts());
                }
                task.step(
                        1,
                        findings.refused().isEmpty() ? "" : findings.refused().size() + " broken");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while looking at pictures", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("bug: looking at a picture failed", e.getCause());
        } finally {
            lookers.shutdownNow();
        }
    }

    private Look look(Path picture) {
        try {
            byte[] bytes = PictureFile.read(picture);
            Photo photo = decoder.decode(bytes, TARGET);
            return new Look(new ImageFacts(Bundle.sha256(bytes), photo.width(), photo.height()), "");
        } catch (UnreadableImageException | UnusableFileException e) {
            return new Look(null, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Look(null, "The file cannot be read: " + e);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "picture-inspector");
        thread.setDaemon(true);
        return thread;
    }
}
