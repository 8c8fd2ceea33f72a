// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An installed JDK, of a release that is supported for long or of that of this JVM. */
record Jdk(int feature, Path home) {
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)[^\"]*\"");
    private static final Pattern HOME_VARIABLE = Pattern.compile("JAVA.*_HOME");
    private static final List<Integer> RELEASES = List.of(17, 21, 25);

    /** The first JDK with {@code java.lang.foreign}. */
    private static final int FFM = 22;

    /** The first JDK that knows {@code --illegal-native-access}. */
    private static final int DENIES_NATIVE_ACCESS = 24;

    /** One JDK for each of the releases that is there; this JVM's and Maven's before others. */
    static List<Jdk> installed() {
        Map<Integer, Jdk> found = new TreeMap<>();
        candidates()
                .map(Jdk::read)
                .filter(Objects::nonNull)
                .filter(jdk -> RELEASES.contains(jdk.feature)
                        || jdk.feature == Runtime.version().feature())
                .forEach(jdk -> found.putIfAbsent(jdk.feature, jdk));
        return List.copyOf(found.values());
    }

    /** Those of them that are such; often none. */
    static List<Jdk> installed(Predicate<Jdk> such) {
        return installed().stream().filter(such).toList();
    }

    boolean hasFfm() {
        return feature >= FFM;
    }

    boolean deniesNativeAccess() {
        return feature >= DENIES_NATIVE_ACCESS;
    }

    Path java() {
        return home.resolve("bin").resolve("java");
    }

    @Override
    public String toString() {
        return "JDK " + feature;
    }

    private static Stream<Path> candidates() {
        Stream<Path> known = Stream.of(Path.of(System.getProperty("java.home")), Build.MAVEN_JDK);
        Stream<Path> named = System.getenv().entrySet().stream()
                .filter(variable -> HOME_VARIABLE.matcher(variable.getKey()).matches())
                .filter(variable -> !variable.getValue().isBlank())
                .map(variable -> Path.of(variable.getValue()));
        Stream<Path> usual = Stream.of(
                        "/usr/lib/jvm", "/usr/local", "/usr/pkg/java", "/Library/Java/JavaVirtualMachines")
                .map(Path::of)
                .flatMap(Jdk::children)
                .flatMap(home -> Stream.of(home, home.resolve("Contents/Home")));
        return Stream.of(known, named, usual).flatMap(stream -> stream);
    }

    private static Stream<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted(Comparator.naturalOrder()).collect(Collectors.toList()).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Jdk read(Path home) {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release)
                || !Files.isExecutable(home.resolve("bin").resolve("java"))) {
            return null;
        }
        try {
            Matcher version = VERSION.matcher(Files.readString(release));
            return version.find() ? new Jdk(Integer.parseInt(version.group(1)), home) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
