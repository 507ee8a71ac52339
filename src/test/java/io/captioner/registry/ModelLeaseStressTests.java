package io.captioner.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.model.Bundle;
import io.captioner.model.CaptionModel;
import io.captioner.model.NamedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLeaseStressTests {
    private static final int SWAPS = 150;
    private static final int THREADS = 4;

    @TempDir
    Path root;

    private final List<NamedModel> opened = new CopyOnWriteArrayList<>();

    @Test
    void noModelIsUsedAfterItsCloseAndEachIsClosedOnce() throws Exception {
        AtomicBoolean swapping = new AtomicBoolean(true);
        AtomicInteger mostOpen = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (ModelRegistry registry = new ModelRegistry(root, null, bundle -> open(), ModelListener.NONE)) {
            write("begin");
            registry.load();
            List<Future<Integer>> users = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                users.add(threads.submit(() -> useWhile(swapping, registry)));
            }
            for (int swap = 0; swap < SWAPS; swap++) {
                write("content ".repeat(1 + swap));
                registry.refresh(model -> {});
                mostOpen.accumulateAndGet(open(opened), Math::max);
            }
            swapping.set(false);
            for (Future<Integer> user : users) {
                assertThat(user.get()).isPositive();
            }
            assertThat(open(opened)).isEqualTo(1);
        } finally {
            swapping.set(false);
            threads.shutdownNow();
        }
        assertThat(opened)
                .hasSize(SWAPS + 1)
                .allSatisfy(model -> assertThat(model.closed()).hasSize(1));
        assertThat(mostOpen).hasValueLessThanOrEqualTo(1 + THREADS);
    }

    private static int useWhile(AtomicBoolean swapping, ModelRegistry registry) {
        int uses = 0;
        do {
            try (ModelLease lease = registry.lease(null)) {
                for (int use = 0; use < 50; use++) {
                    assertThat(((NamedModel) lease.model()).closed()).isEmpty();
                }
                uses++;
            }
        } while (swapping.get());
        return uses;
    }

    private static int open(List<NamedModel> models) {
        return (int) models.stream().filter(model -> model.closed().isEmpty()).count();
    }

    private CaptionModel open() {
        NamedModel model = new NamedModel("model " + opened.size(), new CopyOnWriteArrayList<>());
        opened.add(model);
        return model;
    }

    private void write(String content) throws IOException {
        Path directory = Files.createDirectories(root.resolve("a").resolve("1"));
        Files.writeString(directory.resolve(Bundle.MANIFEST), content);
    }
}
