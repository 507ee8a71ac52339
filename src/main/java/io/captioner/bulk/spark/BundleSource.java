package io.captioner.bulk.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * A bundle on any Hadoop file system.
 *
 * @param uri its directory
 * @param sha256 of its manifest when the job started, which holds the hashes of the other files
 */
record BundleSource(String uri, String sha256) implements Serializable {
    /** As the program calls it: the Spark job has no class of the program. */
    private static final String MANIFEST = "captioner.json";

    /** Finds a bundle. */
    static BundleSource find(String uri, Configuration hadoop) throws IOException {
        Path directory = new Path(uri);
        FileSystem files = directory.getFileSystem(hadoop);
        try (InputStream in = files.open(new Path(directory, MANIFEST))) {
            return new BundleSource(files.makeQualified(directory).toString(), sha256(in.readAllBytes()));
        }
    }

    /**
     * Copies it to the local disk; the model's loader checks every file against the manifest.
     *
     * @return its directory, called {@code <name>/<version>} as it was
     * @throws IOException if it cannot be copied, or its manifest has changed
     */
    java.nio.file.Path fetch(java.nio.file.Path parent, Configuration hadoop) throws IOException {
        Path source = new Path(uri);
        java.nio.file.Path target = parent.resolve(source.getParent().getName()).resolve(source.getName());
        FileSystem files = source.getFileSystem(hadoop);
        String root = source.toUri().getPath() + "/";
        RemoteIterator<LocatedFileStatus> all = files.listFiles(source, true);
        while (all.hasNext()) {
            FileStatus file = all.next();
            java.nio.file.Path copy =
                    target.resolve(file.getPath().toUri().getPath().substring(root.length()));
            Files.createDirectories(copy.getParent());
            try (InputStream in = files.open(file.getPath())) {
                Files.copy(in, copy);
            }
        }
        String found = sha256(Files.readAllBytes(target.resolve(MANIFEST)));
        if (!found.equals(sha256)) {
            throw new IOException("the bundle %s was replaced while the job ran: start it again".formatted(uri));
        }
        return target;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("bug: every Java platform has SHA-256", e);
        }
    }
}
