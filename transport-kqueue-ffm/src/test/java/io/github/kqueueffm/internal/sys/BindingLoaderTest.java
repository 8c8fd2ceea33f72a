// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Platforms;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import io.netty.resolver.AddressResolver;
import io.netty.util.concurrent.Future;
import java.io.File;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which binding is chosen and what a user is told when there is none, in JVMs of every release that is installed. */
@Timeout(600)
class BindingLoaderTest {

    private static final String FLAG = "--enable-native-access=";

    private static final Platform HOST = Platforms.host();

    @TempDir
    Path folder;

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    static Stream<Jdk> jdksThatCanDeny() {
        return jdks().filter(Jdk::canDenyNativeAccess);
    }

    private static ChildJvm child(Jdk jdk) {
        return new ChildJvm(jdk).allowed();
    }

    // ---- which one is chosen

    @ParameterizedTest
    @MethodSource("jdks")
    void ffmFromJdk22OnElseJna(Jdk jdk) throws Exception {
        assertThat(child(jdk).run())
                .isEqualToIgnoringNewLines(
                        jdk.hasFfm()
                                ? "LOADED ffm " + HOST.id() + " FfmSyscalls"
                                : "LOADED jna " + HOST.id() + " JnaSyscalls");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void jnaIsNotNeededForFfm(Jdk jdk) throws Exception {
        assumeTrue(jdk.hasFfm());
        assertThat(child(jdk).without(Native.class).run()).startsWith("LOADED ffm ");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void jnaCanBeForced(Jdk jdk) throws Exception {
        assertThat(child(jdk).property(BindingLoader.BINDING_PROPERTY, "jna").run())
                .startsWith("LOADED jna ");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void ffmCanBeForced(Jdk jdk) throws Exception {
        String output =
                child(jdk).property(BindingLoader.BINDING_PROPERTY, "ffm").run();
        if (jdk.hasFfm()) {
            assertThat(output).startsWith("LOADED ffm ");
        } else {
            assertThat(output)
                    .startsWith("UNAVAILABLE ")
                    .contains("-Dio.github.kqueueffm.binding=ffm")
                    .contains("ffm: not tried, needs JDK 22 or newer")
                    .contains("use JDK 22 or newer with " + FLAG + "ALL-UNNAMED")
                    .doesNotContain("jna:")
                    .doesNotContain("SUPPRESSED");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void systemCallsAreCountedOnRequest(Jdk jdk) throws Exception {
        assertThat(child(jdk).property(BindingLoader.COUNT_PROPERTY, true).run())
                .startsWith("LOADED ")
                .contains("CountingSyscalls");
    }

    /** The record can be that of any system with the same ABI. */
    @ParameterizedTest
    @MethodSource("jdks")
    void platformCanBeForced(Jdk jdk) throws Exception {
        String asked = HOST.os() + '-' + HOST.arch() + "-99.9";
        assertThat(child(jdk).property(Platforms.PROPERTY, asked).run()).startsWith("LOADED ");
    }

    // ---- why there is none

    private static void assertExplained(String output, Jdk jdk, String... parts) {
        assertThat(output)
                .contains("UNAVAILABLE The kqueue transport cannot reach the C library on " + Platforms.detectedId()
                        + " with JDK " + jdk.feature())
                .contains(parts);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void bindingThatIsNone(Jdk jdk) throws Exception {
        assertExplained(
                child(jdk).property(BindingLoader.BINDING_PROPERTY, "jni").run(),
                jdk,
                "-Dio.github.kqueueffm.binding=jni is neither ffm nor jna");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void jnaMissing(Jdk jdk) throws Exception {
        String output = child(jdk)
                .without(Native.class)
                .property(BindingLoader.BINDING_PROPERTY, "jna")
                .run();
        assertExplained(
                output,
                jdk,
                "platform record " + HOST.id(),
                "jna: a class is missing: com/sun/jna/",
                "What helps: add net.java.dev.jna:jna to the dependencies",
                "SUPPRESSED java.lang.NoClassDefFoundError");
        assertThat(output).doesNotContain("ffm:");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void jnaMissingBeforeJdk22(Jdk jdk) throws Exception {
        assumeTrue(!jdk.hasFfm());
        assertExplained(
                child(jdk).without(Native.class).run(),
                jdk,
                "ffm: not tried, needs JDK 22 or newer",
                "jna: a class is missing: com/sun/jna/",
                "What helps: add net.java.dev.jna:jna to the dependencies, or use JDK 22 or newer with " + FLAG
                        + "ALL-UNNAMED");
    }

    /** As on NetBSD, for which JNA's jar has no library. */
    @ParameterizedTest
    @MethodSource("jdks")
    void jnaWithoutItsOwnLibrary(Jdk jdk) throws Exception {
        assertExplained(
                child(jdk)
                        .property(BindingLoader.BINDING_PROPERTY, "jna")
                        .property("jna.nounpack", true)
                        .property("jna.nosys", true)
                        .property("jna.boot.library.path", folder)
                        .run(),
                jdk,
                "jna: java.lang.UnsatisfiedLinkError",
                "What helps: install JNA's own library for this system and name its folder with "
                        + "-Djna.boot.library.path\n");
    }

    @ParameterizedTest
    @MethodSource("jdksThatCanDeny")
    void nativeAccessDenied(Jdk jdk) throws Exception {
        assertExplained(
                new ChildJvm(jdk).flag("--illegal-native-access=deny").run(),
                jdk,
                "ffm: native access is denied: Illegal native access from an unnamed module",
                "jna: native access is denied: Illegal native access from an unnamed module",
                "What helps: start java with " + FLAG + "ALL-UNNAMED\n",
                "SUPPRESSED java.lang.ExceptionInInitializerError");
    }

    @ParameterizedTest
    @MethodSource("jdksThatCanDeny")
    void nativeAccessDeniedAndJnaMissing(Jdk jdk) throws Exception {
        assertExplained(
                new ChildJvm(jdk)
                        .without(Native.class)
                        .flag("--illegal-native-access=deny")
                        .run(),
                jdk,
                "ffm: native access is denied",
                "jna: a class is missing: com/sun/jna/",
                "What helps: start java with " + FLAG
                        + "ALL-UNNAMED, or add net.java.dev.jna:jna to the dependencies\n");
    }

    /** The flag names our module when that is what we are. */
    @ParameterizedTest
    @MethodSource("jdksThatCanDeny")
    void nativeAccessDeniedToTheModule(Jdk jdk) throws Exception {
        assertExplained(
                module(jdk).flag("--illegal-native-access=deny").run(),
                jdk,
                "ffm: native access is denied: Illegal native access from module io.github.kqueueffm",
                "jna: native access is denied: Illegal native access from module com.sun.jna",
                "What helps: start java with " + FLAG + "io.github.kqueueffm, or start java with " + FLAG
                        + "io.github.kqueueffm,com.sun.jna\n");
    }

    @ParameterizedTest
    @MethodSource("jdksThatCanDeny")
    void theFlagForTheModuleHelps(Jdk jdk) throws Exception {
        assertThat(module(jdk)
                        .flag("--illegal-native-access=deny")
                        .flag(FLAG + "io.github.kqueueffm")
                        .run())
                .startsWith("LOADED ffm ");
        assertThat(module(jdk)
                        .flag("--illegal-native-access=deny")
                        .flag(FLAG + "io.github.kqueueffm,com.sun.jna")
                        .property(BindingLoader.BINDING_PROPERTY, "jna")
                        .run())
                .startsWith("LOADED jna ");
    }

    /** Our classes and JNA as modules; the probe stays on the class path and is let in. */
    private static ChildJvm module(Jdk jdk) {
        String modulePath = Stream.of(
                        BindingLoader.class,
                        Native.class,
                        Channel.class,
                        ByteBuf.class,
                        Future.class,
                        AddressResolver.class,
                        UnixChannel.class)
                .map(type -> ChildJvm.locationOf(type).toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        return new ChildJvm(jdk)
                .without(BindingLoader.class)
                .without(Native.class)
                .flag("--module-path=" + modulePath)
                .flag("--add-modules=io.github.kqueueffm,com.sun.jna")
                .flag("--add-exports=io.github.kqueueffm/io.github.kqueueffm.internal.sys=ALL-UNNAMED")
                .flag("--add-exports=io.github.kqueueffm/io.github.kqueueffm.internal.platform=ALL-UNNAMED");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void platformThatIsUnknown(Jdk jdk) throws Exception {
        assertExplained(
                child(jdk).property(Platforms.PROPERTY, "plan9-amd64").run(),
                jdk,
                "platform record none",
                "-Dio.github.kqueueffm.platform=plan9-amd64: no platform data for it (known: linux-amd64, ");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void systemThatIsUnknown(Jdk jdk) throws Exception {
        String output = child(jdk)
                .property("os.name", "Plan 9")
                .property("os.arch", "sparc")
                .property("os.version", "4")
                .run();
        assertThat(output)
                .startsWith("UNAVAILABLE The kqueue transport cannot reach the C library on plan 9-sparc-4")
                .contains("This system is plan 9-sparc-4, for which there is no platform data (known: linux-amd64, ");
    }

    /** A repackaged jar that has the classes but not their resources. */
    @ParameterizedTest
    @MethodSource("jdks")
    void platformDataMissing(Jdk jdk) throws Exception {
        Path classes = copyOfOurClasses();
        assertExplained(
                child(jdk).without(BindingLoader.class).on(classes).run(),
                jdk,
                "The list of platform data files, 'targets', is missing; keep the resources of the jar",
                "SUPPRESSED java.lang.IllegalStateException");
    }

    private Path copyOfOurClasses() throws Exception {
        Path from = ChildJvm.locationOf(BindingLoader.class);
        if (Files.isDirectory(from)) {
            return copyOfOurClasses(from);
        }
        try (FileSystem jar = FileSystems.newFileSystem(from)) {
            return copyOfOurClasses(jar.getPath("/"));
        }
    }

    private Path copyOfOurClasses(Path from) throws Exception {
        Path to = folder.resolve("classes");
        List<Path> files;
        try (Stream<Path> walk = Files.walk(from)) {
            files = walk.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            Path copy = to.resolve(from.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
        return to;
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void platformOfAnotherSystemWithoutALibrary(Jdk jdk) throws Exception {
        String foreign = HOST.os().equals("netbsd") ? "linux-amd64" : "netbsd-amd64";
        assertExplained(
                child(jdk).property(Platforms.PROPERTY, foreign).run(),
                jdk,
                "platform record " + foreign,
                "is that of another operating system",
                "name it with -Dio.github.kqueueffm.library=<file>");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void libraryThatDoesNotExist(Jdk jdk) throws Exception {
        Path missing = folder.resolve("nowhere.so");
        assertExplained(
                child(jdk).property(BindingLoader.LIBRARY_PROPERTY, missing).run(),
                jdk,
                "-Dio.github.kqueueffm.library=" + missing + ": there is no such file");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void libraryThatIsAFolder(Jdk jdk) throws Exception {
        assertExplained(
                child(jdk).property(BindingLoader.LIBRARY_PROPERTY, folder).run(),
                jdk,
                "-Dio.github.kqueueffm.library=" + folder + ": this is not a file");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void libraryThatIsNone(Jdk jdk) throws Exception {
        Path text = Files.writeString(folder.resolve("text.so"), "not a shared library");
        for (String binding : jdk.hasFfm() ? List.of("ffm", "jna") : List.of("jna")) {
            assertExplained(
                    child(jdk)
                            .property(BindingLoader.LIBRARY_PROPERTY, text)
                            .property(BindingLoader.BINDING_PROPERTY, binding)
                            .run(),
                    jdk,
                    binding + ": " + text + " cannot be loaded",
                    "SUPPRESSED " + LibraryLoadError.class.getName());
        }
    }

    /** A C library without a kqueue is no use as {@code library}, though it would do as the process's own. */
    @ParameterizedTest
    @MethodSource("jdks")
    void libraryWithoutKqueue(Jdk jdk) throws Exception {
        Path math =
                Path.of("/lib/" + System.getProperty("os.arch").replace("amd64", "x86_64") + "-linux-gnu/libm.so.6");
        assumeTrue(Files.exists(math), "not a Debian system");
        String output =
                child(jdk).property(BindingLoader.LIBRARY_PROPERTY, math).run();
        assertExplained(output, jdk, math + " does not have what platform " + HOST.id() + " calls: kqueue, kevent");
        assertThat(output).as("no JDK or dependency would help").doesNotContain("What helps");
    }
}
