// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Application, Netty, JNA and our jar shaded into one, our packages under other names. */
class FatJarTest {
    private static final String OURS = "io/github/kqueueffm/";
    private static final String DENY = "--illegal-native-access=deny";

    static List<Jdk> jdks() {
        return Jdk.installed();
    }

    static List<Jdk> denying() {
        return Jdk.installed(jdk -> Build.HAS_FFM && jdk.deniesNativeAccess());
    }

    @Test
    void holdsOurClassesUnderOtherNamesOnly() throws Exception {
        try (JarFile jar = new JarFile(Build.FAT_JAR.toFile())) {
            List<String> names = jar.stream().map(ZipEntry::getName).toList();
            assertThat(names)
                    .contains("shaded/" + OURS + "KQueue.class", "com/sun/jna/Native.class")
                    .noneMatch(name -> name.startsWith(OURS));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void echoesFromTheClassPath(Jdk jdk) throws Exception {
        List<String> options = new ArrayList<>();
        if (jdk.hasFfm()) {
            options.add("--enable-native-access=ALL-UNNAMED");
        }
        options.addAll(List.of("-cp", Build.FAT_JAR.toString(), Build.MAIN));
        Child.run(jdk, options).assertEchoed(ClassPathTest.usual(jdk), "null");
    }

    /** The manifest that it keeps allows native access, without a flag and where the JVM denies it. */
    @ParameterizedTest
    @MethodSource("jdks")
    void echoesAsProgram(Jdk jdk) throws Exception {
        List<String> options = new ArrayList<>();
        if (jdk.deniesNativeAccess()) {
            options.add(DENY);
        }
        options.addAll(List.of("-jar", Build.FAT_JAR.toString()));
        Child.run(jdk, options).assertEchoed(ClassPathTest.usual(jdk), "null");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("denying")
    void tellsTheCauseFromTheClassPath(Jdk jdk) throws Exception {
        Child.run(jdk, List.of(DENY, "-cp", Build.FAT_JAR.toString(), Build.MAIN))
                .assertUnavailable("ffm: native access is denied", "jna: ", "--enable-native-access=ALL-UNNAMED");
    }
}
