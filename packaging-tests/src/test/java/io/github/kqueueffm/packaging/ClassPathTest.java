// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.packaging;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The jar on the class path, with JNA beside it and without. */
class ClassPathTest {
    private static final String ALLOW = "--enable-native-access=ALL-UNNAMED";
    private static final String DENY = "--illegal-native-access=deny";

    static List<Jdk> jdks() {
        return Jdk.installed();
    }

    static List<Jdk> denying() {
        return Jdk.installed(jdk -> Build.HAS_FFM && jdk.deniesNativeAccess());
    }

    static List<Jdk> withoutFfm() {
        return Jdk.installed(jdk -> !jdk.hasFfm());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void echoes(Jdk jdk) throws Exception {
        run(jdk, Build.lib(), allow(jdk)).assertEchoed(usual(jdk), "null");
    }

    /**
     * With the very jar, not with one that was built against that Netty: what the compiler makes of a class depends on the
     * classes that it extends.
     */
    @ParameterizedTest
    @MethodSource("jdks")
    void echoesOnTheOldestNetty(Jdk jdk) throws Exception {
        run(jdk, Build.libWithOldestNetty(), allow(jdk)).assertEchoed(usual(jdk), "null");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void echoesWithJnaWhenAskedTo(Jdk jdk) throws Exception {
        List<String> options = new ArrayList<>(allow(jdk));
        options.add("-Dio.github.kqueueffm.binding=jna");
        run(jdk, Build.lib(), options).assertEchoed("jna", "null");
    }

    /** As on a run-time image that was made without the module jdk.jfr. */
    @ParameterizedTest
    @MethodSource("jdks")
    void withoutFlightRecorder(Jdk jdk) throws Exception {
        List<String> options = new ArrayList<>(allow(jdk));
        options.addAll(List.of("--limit-modules", "java.base,java.logging,jdk.unsupported"));
        run(jdk, Build.lib(), options).assertEchoed(usual(jdk), "null");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void withoutJna(Jdk jdk) throws Exception {
        Child child = run(jdk, Build.libWithoutJna(), allow(jdk));
        if (usual(jdk).equals("ffm")) {
            child.assertEchoed("ffm", "null");
        } else {
            child.assertUnavailable("ffm: ", "jna: ", "com/sun/jna", "net.java.dev.jna:jna");
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("denying")
    void nativeAccessDenied(Jdk jdk) throws Exception {
        run(jdk, Build.lib(), List.of(DENY)).assertUnavailable("ffm: native access is denied", "jna: ", ALLOW);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("denying")
    void nativeAccessDeniedWithoutJna(Jdk jdk) throws Exception {
        run(jdk, Build.libWithoutJna(), List.of(DENY))
                .assertUnavailable("ffm: native access is denied", "jna: ", "com/sun/jna", ALLOW);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("denying")
    void nativeAccessDeniedToAllButThose(Jdk jdk) throws Exception {
        run(jdk, Build.libWithoutJna(), List.of(DENY, ALLOW)).assertEchoed("ffm", "null");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("withoutFfm")
    void ffmAskedForWhereThereIsNone(Jdk jdk) throws Exception {
        run(jdk, Build.lib(), List.of("-Dio.github.kqueueffm.binding=ffm"))
                .assertUnavailable("ffm: not tried", "JDK 22", "-Dio.github.kqueueffm.binding=ffm");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void nativeTransportsSwitchedOff(Jdk jdk) throws Exception {
        run(jdk, Build.lib(), List.of("-Dio.netty.transport.noNative=true"))
                .assertUnavailable("io.netty.transport.noNative");
    }

    static String usual(Jdk jdk) {
        return jdk.hasFfm() && Build.HAS_FFM ? "ffm" : "jna";
    }

    private static List<String> allow(Jdk jdk) {
        return jdk.hasFfm() ? List.of(ALLOW) : List.of();
    }

    private static Child run(Jdk jdk, List<Path> lib, List<String> options) throws Exception {
        List<Path> classPath = new ArrayList<>(lib);
        classPath.add(Build.APPLICATION);
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("-cp", Build.path(classPath), Build.MAIN));
        return Child.run(jdk, arguments);
    }
}
