// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.internal.platform.Platforms;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The properties {@code library} and {@code platform} together: another system's C functions, in a shared library. */
@Timeout(600)
class ForeignLibraryTest {

    /** Of a release with functions and filters of its own. */
    private static final String RECORD = "netbsd-amd64-10";

    @TempDir
    Path folder;

    static Stream<Arguments> bindings() {
        return Jdk.all().stream()
                .flatMap(jdk -> (jdk.hasFfm() ? List.of("ffm", "jna") : List.of("jna"))
                        .stream().map(binding -> Arguments.of(jdk, binding)));
    }

    private String run(Jdk jdk, String binding, Path library, String... arguments) throws Exception {
        return new ChildJvm(jdk)
                .allowed()
                .property(BindingLoader.BINDING_PROPERTY, binding)
                .property(BindingLoader.LIBRARY_PROPERTY, library)
                .property(Platforms.PROPERTY, RECORD + ".1")
                .run(arguments);
    }

    @ParameterizedTest
    @MethodSource("bindings")
    void callsGoToTheLibraryUnderTheNamesOfTheRecord(Jdk jdk, String binding) throws Exception {
        assumeFalse(Platforms.detectedId().startsWith("netbsd"), "not foreign here");
        Path library = FakeKernel.compile(folder, "own.so", "-DOWN_ERRNO");
        String output = run(jdk, binding, library, "fake-kernel");
        assertThat(output)
                .contains("LOADED " + binding + ' ' + RECORD + ' ')
                .contains("socket=123\n")
                .contains("bind=1120\n")
                .contains("listen=2120\n")
                .contains("connect=3120\n")
                .contains("accept=4100\n")
                .contains("paccept=4120\n")
                .contains("getsockopt=5123\n")
                .contains("setsockopt=1234\n")
                .contains("shutdown=6120\n")
                .contains("read=1099511627776\n")
                .contains("writev=7120\n")
                .contains("fcntl=8123\n")
                .contains("kqueue=42\n")
                .contains("kevent=9123\n");
    }

    /** Each argument of the functions that a C library may lack arrives in its place and whole. */
    @ParameterizedTest
    @MethodSource("bindings")
    void functionsOfOtherSystems(Jdk jdk, String binding) throws Exception {
        Path library = FakeKernel.compile(folder, "other.so", "-DOWN_ERRNO", "-DOPTIONAL");
        assertThat(run(jdk, binding, library, "fake-other-systems"))
                .contains("recvmmsg=1123\n")
                .contains("sendmmsg=2123\n")
                .contains("sendfile=" + ((1L << 40) + 312) + "\n")
                .contains("sendfile offset=" + ((1L << 40) + 5) + "\n")
                .contains("sendfileSbytes=4123\n")
                .contains("sendfileSbytes sent=" + (3L << 40) + "\n")
                .contains("sendfileLength=5123\n")
                .contains("sendfileLength sent=" + (3L << 40) + "\n")
                .contains("connectx=1234\n")
                .contains("connectx length=" + (1L << 40) + "\n")
                .contains("disconnectx=6123\n")
                .contains("open=7123\n")
                .contains("lstat=8120\n")
                .contains("unlink=9100\n")
                .contains("fstat=8230\n")
                .contains("fstat filled=" + (1L << 40) + "\n");
    }

    /** The library sets its own errno to 54 and that of the running system to 9. */
    @ParameterizedTest
    @MethodSource("bindings")
    void errnoIsTheLibrarysWhereItKeepsOne(Jdk jdk, String binding) throws Exception {
        Path library = FakeKernel.compile(folder, "own.so", "-DOWN_ERRNO");
        assertThat(run(jdk, binding, library, "fake-kernel"))
                .contains("close=-54\n")
                .contains("getsockname=-54\n")
                .contains("getpeername=-54\n")
                .contains("write=-54\n");
    }

    @ParameterizedTest
    @MethodSource("bindings")
    void errnoIsTheSystemsWhereTheLibraryUsesThat(Jdk jdk, String binding) throws Exception {
        Path sharing = FakeKernel.compile(folder, "host.so", "-DHOST_ERRNO");
        Path silent = FakeKernel.compile(folder, "none.so");
        assertThat(run(jdk, binding, sharing, "fake-kernel")).contains("close=-54\n");
        assertThat(run(jdk, binding, silent, "fake-kernel"))
                .contains("close=-54\n")
                .contains("ERRNO_LOCATION are absent");
    }

    /** dlsym(3) would find accept4 and poll of the running system behind the library, whose kernel knows nothing of them. */
    @ParameterizedTest
    @MethodSource("bindings")
    void functionsOfTheRunningSystemDoNotCount(Jdk jdk, String binding) throws Exception {
        Path library = FakeKernel.compile(folder, "own.so", "-DOWN_ERRNO");
        assertThat(run(jdk, binding, library, "fake-kernel"))
                .contains("accept4=-78\n")
                .contains("pipe=-78\n")
                .contains("poll=-78\n")
                .contains(
                        "ACCEPT4 READV RECVFROM SENDTO RECVMSG SENDMSG RECVMMSG SENDMMSG SENDFILE SENDFILE_SBYTES "
                                + "SENDFILE_LENGTH CONNECTX DISCONNECTX IOCTL OPEN LSTAT FSTAT UNLINK LSEEK PIPE POLL EPOLL_CREATE1 EPOLL_CTL "
                                + "EPOLL_WAIT EPOLL_PWAIT2 EVENTFD INOTIFY_INIT1 INOTIFY_ADD_WATCH INOTIFY_RM_WATCH PIDFD_OPEN WAITID are absent");
    }

    /** As with libkqueue: kqueue comes from the library, the rest from the C library that it is linked to. */
    @ParameterizedTest
    @MethodSource("bindings")
    void aLibraryOfTheRunningSystemPassesOnItsFunctions(Jdk jdk, String binding) throws Exception {
        assumeTrue(Platforms.detectedId().startsWith("linux"), "others have kqueue in their C library");
        Path library = FakeKernel.compile(folder, "libkqueue.so", "-DKQUEUE_ONLY", "-lc", "-Wl,--no-as-needed");
        String output = new ChildJvm(jdk)
                .allowed()
                .property(BindingLoader.BINDING_PROPERTY, binding)
                .property(BindingLoader.LIBRARY_PROPERTY, library)
                .run("fake-kqueue");
        assertThat(output)
                .contains("LOADED " + binding + " linux-")
                .contains("kqueue=42\n")
                .contains("kevent=9123\n")
                .contains("pipe=0\nclose=0\nclose again=-9\n")
                .contains("\nPACCEPT SENDFILE_SBYTES SENDFILE_LENGTH CONNECTX DISCONNECTX are absent");
    }

    @ParameterizedTest
    @MethodSource("bindings")
    void everyMissingFunctionIsNamed(Jdk jdk, String binding) throws Exception {
        Path library = FakeKernel.compile(
                folder,
                "hidden.so",
                "-Dkqueue=renamed_kqueue",
                "-D__kevent50=renamed_kevent",
                "-Dwritev=renamed_writev");
        assertThat(run(jdk, binding, library))
                .contains("UNAVAILABLE ")
                .contains(binding + ": " + library + " does not have what platform " + RECORD
                        + " calls: writev, kqueue, " + "__kevent50")
                .contains("SUPPRESSED " + MissingFunctionsError.class.getName());
    }
}
