// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import io.netty.channel.unix.DomainSocketAddress;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Paths for UNIX domain sockets at which nothing is yet: short, since 104 bytes are all that a BSD has for one. */
public final class SocketPaths {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private SocketPaths() {}

    /** A path that nobody else has been given, in a folder that goes with the JVM. */
    public static DomainSocketAddress next() {
        return new DomainSocketAddress(
                Folder.PATH.resolve("s" + COUNT.incrementAndGet()).toString());
    }

    /** The folder that the paths are in. */
    public static Path folder() {
        return Folder.PATH;
    }

    private static final class Folder {

        static final Path PATH = create();

        private static Path create() {
            try {
                Path folder = Files.createTempDirectory("kq");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder.toFile())));
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Whatever tests have left; what cannot be deleted stays in the system's folder for temporary files. */
        private static void delete(File folder) {
            File @Nullable [] files = folder.listFiles();
            if (files != null) {
                for (File file : files) {
                    file.delete();
                }
            }
            folder.delete();
        }
    }
}
