// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.packaging;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the build has made, as it told this JVM. */
final class Build {
    /** Class files of the application. */
    static final Path APPLICATION = Path.of(property("application"));

    /** Source files of the application, with its module descriptor. */
    static final List<Path> APPLICATION_SOURCES = List.of(
            Path.of(property("basedir"), "src", "app-module", "module-info.java"),
            Path.of(property("basedir"), "src", "main", "java", "demo", "echo", "EchoMain.java"));

    /** The application and all that it needs in one jar, in which our packages have other names. */
    static final Path FAT_JAR = Path.of(property("fatJar"));

    /** False in a build without the FFM source set, whose jar has no module descriptor either. */
    static final boolean HAS_FFM = Boolean.parseBoolean(property("ffm"));

    /** The JDK that Maven runs on. */
    static final Path MAVEN_JDK = Path.of(property("mavenJdk"));

    static final String MAIN = "demo.echo.EchoMain";

    private static final Path LIB = Path.of(property("lib"));

    private static final Path OLDEST_NETTY = Path.of(property("oldestNetty"));

    private Build() {}

    static List<Path> lib() {
        return jars(name -> true);
    }

    static List<Path> libWithoutJna() {
        return jars(name -> !name.startsWith("jna-"));
    }

    /** The same with the oldest Netty that the jar works with in place of the one that it was built with. */
    static List<Path> libWithOldestNetty() {
        List<Path> jars = new ArrayList<>(jars(OLDEST_NETTY, name -> true));
        jars.add(transportJar());
        jars.addAll(jars(name -> name.startsWith("jna-")));
        return jars;
    }

    static Path transportJar() {
        List<Path> jars = jars(name -> name.startsWith("netty-transport-kqueue-ffm-"));
        if (jars.size() != 1) {
            throw new IllegalStateException("more than the transport's jar, or none: " + jars);
        }
        return jars.get(0);
    }

    static String path(List<Path> entries) {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static List<Path> jars(Predicate<String> name) {
        return jars(LIB, name);
    }

    private static List<Path> jars(Path folder, Predicate<String> name) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> name.test(file.getFileName().toString()))
                    .sorted()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String property(String name) {
        String value = System.getProperty("packaging." + name);
        if (value == null) {
            throw new IllegalStateException("run by Maven, which sets packaging." + name);
        }
        return value;
    }
}
