package io.captioner.training.features;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The thread that decodes photos ahead of the one that needs them. */
public final class PhotoDecoding {
    private PhotoDecoding() {}

    /** Starts an executor of one daemon thread; its owner shuts it down. */
    public static ExecutorService start() {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "photo-decoding");
            thread.setDaemon(true);
            return thread;
        });
    }
}
