// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The jar on the module path, under an application that is a module and requires ours. */
class ModulePathTest {
    private static final String MODULE = "io.github.kqueueffm";
    private static final String DENY = "--illegal-native-access=deny";

    @TempDir
    static Path application;

    static List<Jdk> jdks() {
        return Jdk.installed();
    }

    static List<Jdk> denying() {
        return Jdk.installed(jdk -> Build.HAS_FFM && jdk.deniesNativeAccess());
    }

    static List<Jdk> withoutFfm() {
        return Jdk.installed(jdk -> !jdk.hasFfm());
    }

    @BeforeAll
    static void compileTheApplicationAsModule() {
        assumeTrue(Build.HAS_FFM, "a build without the FFM source set has no module descriptor");
        List<String> arguments = new ArrayList<>(
                List.of("--release", "17", "-d", application.toString(), "-p", Build.path(Build.lib())));
        Build.APPLICATION_SOURCES.forEach(source -> arguments.add(source.toString()));
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).as("javac " + arguments).isZero();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void echoes(Jdk jdk) throws Exception {
        if (jdk.hasFfm()) {
            run(jdk, Build.libWithoutJna(), List.of("--enable-native-access=" + MODULE))
                    .assertEchoed("ffm", MODULE);
        } else {
            run(jdk, Build.lib(), List.of("--add-modules", "com.sun.jna")).assertEchoed("jna", MODULE);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void echoesWithJnaWhenAskedTo(Jdk jdk) throws Exception {
        List<String> options =
                new ArrayList<>(List.of("--add-modules", "com.sun.jna", "-Dio.github.kqueueffm.binding=jna"));
        if (jdk.hasFfm()) {
            options.add("--enable-native-access=" + MODULE + ",com.sun.jna");
        }
        run(jdk, Build.lib(), options).assertEchoed("jna", MODULE);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("denying")
    void nativeAccessDeniedWithoutJna(Jdk jdk) throws Exception {
        run(jdk, Build.libWithoutJna(), List.of(DENY))
                .assertUnavailable(
                        "ffm: native access is denied", "jna: ", "com/sun/jna", "--enable-native-access=" + MODULE);
    }

    /** {@code requires static} does not bring JNA in: the application has to, and is told so. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("withoutFfm")
    void jnaIsNotResolvedByItself(Jdk jdk) throws Exception {
        run(jdk, Build.lib(), List.of()).assertUnavailable("ffm: not tried", "jna: ", "com/sun/jna", "JDK 22");
    }

    private static Child run(Jdk jdk, List<Path> lib, List<String> options) throws Exception {
        List<Path> modulePath = new ArrayList<>(lib);
        modulePath.add(application);
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("-p", Build.path(modulePath), "-m", "demo.echo/" + Build.MAIN));
        return Child.run(jdk, arguments);
    }
}
