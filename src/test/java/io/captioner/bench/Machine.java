package io.captioner.bench;

/** What the figures were measured on. */
record Machine(int processors, String os, String jdk) {
    static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                "%s %s (%s)"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.version"),
                                System.getProperty("os.arch")),
                "%s %s".formatted(System.getProperty("java.vendor"), System.getProperty("java.version")));
    }
}
