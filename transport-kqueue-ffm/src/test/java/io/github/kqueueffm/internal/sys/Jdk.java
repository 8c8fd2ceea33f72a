// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;

/** A JDK of this machine, to start child JVMs with. */
record Jdk(int feature, Path home) {

    /** Where packages and CI images put JDKs. */
    private static final List<Path> FOLDERS =
            List.of(Path.of("/usr/lib/jvm"), Path.of("/opt/hostedtoolcache/Java_Temurin-Hotspot_jdk"));

    /** The running one first, then one of every other release from 17 on that can be found. */
    static List<Jdk> all() {
        TreeMap<Integer, Jdk> found = new TreeMap<>();
        for (Path folder : FOLDERS) {
            addAll(found, folder);
        }
        Jdk running = new Jdk(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
        found.remove(running.feature);
        List<Jdk> all = new ArrayList<>();
        all.add(running);
        all.addAll(found.values());
        return all;
    }

    private static void addAll(TreeMap<Integer, Jdk> found, Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(folder)) {
            for (Path home : homes) {
                Path release = home.resolve("release");
                if (Files.isRegularFile(release) && Files.isExecutable(home.resolve("bin/java"))) {
                    int feature = feature(release);
                    if (feature >= 17) {
                        found.putIfAbsent(feature, new Jdk(feature, home));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int feature(Path release) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(release)) {
            properties.load(in);
        }
        String version = properties.getProperty("JAVA_VERSION", "\"0\"").replace("\"", "");
        return Integer.parseInt(version.split("[.+-]", 2)[0]);
    }

    boolean hasFfm() {
        return feature >= 22;
    }

    /** Whether {@code --illegal-native-access} exists. */
    boolean canDenyNativeAccess() {
        return feature >= 24;
    }

    @Override
    public String toString() {
        return "JDK " + feature;
    }
}
