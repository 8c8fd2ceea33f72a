// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** EVFILT_SIGNAL. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SignalFilterTest {

    /** Ignored by default: a test that fails does not end the JVM. */
    private static final Signal SIGNAL = new Signal("WINCH");

    private final Kqueue kq = new Kqueue();
    private final Kqueue other = new Kqueue();
    private final int add = kq.c.EV_ADD();
    private final int clear = kq.c.EV_CLEAR();

    @AfterEach
    void close() {
        kq.close();
        other.close();
    }

    private Kqueue signal(Kqueue kqueue, int flags) {
        return kqueue.change(SIGNAL.getNumber(), kq.c.EVFILT_SIGNAL(), flags, 4);
    }

    private Event came(int flags, long count) {
        return new Event(SIGNAL.getNumber(), kq.c.EVFILT_SIGNAL(), add | clear | flags, 0, count, 4);
    }

    @Test
    void signalsAreCounted() {
        signal(kq, add).poll();
        for (int i = 0; i < 3; i++) {
            Signal.raise(SIGNAL);
        }
        for (long left = 3; left > 0; ) {
            Event event = kq.await().get(0);
            assertThat(event.data()).isBetween(1L, left);
            assertThat(event).isEqualTo(came(0, event.data()));
            left -= event.data();
        }
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void severalKqueuesWatchOneSignal() {
        signal(kq, add).poll();
        signal(other, add).poll();
        Signal.raise(SIGNAL);
        assertThat(kq.await()).containsExactly(came(0, 1));
        assertThat(other.await()).containsExactly(came(0, 1));
        signal(other, kq.c.EV_DELETE()).poll();
        Signal.raise(SIGNAL);
        assertThat(kq.await()).containsExactly(came(0, 1));
        assertThat(other.poll()).isEmpty();
    }

    @Test
    void theHandlerBeforeIsPutBackByTheLast() throws InterruptedException {
        CountDownLatch handled = new CountDownLatch(1);
        SignalHandler before = Signal.handle(SIGNAL, signal -> handled.countDown());
        try {
            signal(kq, add).poll();
            signal(other, add).poll();
            signal(kq, kq.c.EV_DELETE()).poll();
            Signal.raise(SIGNAL);
            assertThat(other.await()).containsExactly(came(0, 1));
            assertThat(handled.getCount()).isOne();
            other.kernel.close();
            Signal.raise(SIGNAL);
            assertThat(handled.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            Signal.handle(SIGNAL, before);
        }
    }

    @Test
    void aHandlerThatWasSetMeanwhileStays() throws InterruptedException {
        CountDownLatch handled = new CountDownLatch(1);
        signal(kq, add).poll();
        SignalHandler ours = Signal.handle(SIGNAL, signal -> handled.countDown());
        try {
            signal(kq, kq.c.EV_DELETE()).poll();
            Signal.raise(SIGNAL);
            assertThat(handled.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            assertThat(Signal.handle(SIGNAL, SignalHandler.SIG_DFL)).isNotSameAs(ours);
        }
    }

    /** In a JVM of its own, as the first process that a JVM starts sets the action of SIGCHLD. */
    @Test
    void theFirstChildOfAJvmIsASignalAndStillReapedByTheJvm() throws Exception {
        assertThat(outputOf(FirstChild.class, "exec")).endsWith("exited 7, told 1, left 0" + System.lineSeparator());
    }

    /** The JVM does not take such a signal, and says nothing of it: a program would wait for what never comes. */
    @Test
    void whatTheJvmWasStartedWithIgnoredIsRefused() throws Exception {
        assertThat(outputOf(Ignored.class, "trap '' HUP; exec"))
                .endsWith("EPERM, and of USR1 told 1" + System.lineSeparator());
    }

    /** What a JVM of its own prints, which a shell starts by {@code exec}. */
    private static String outputOf(Class<?> main, String exec) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        String property = "io.github.kqueueffm.binding";
        if (System.getProperty(property) != null) {
            command.add("-D" + property + '=' + System.getProperty(property));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(0, List.of("sh", "-c", exec + " \"$@\"", "sh"));
        Process jvm = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).as(out).isZero();
        return out;
    }

    /** Watches a signal that is ignored, and one that is not. */
    static final class Ignored {

        private Ignored() {}

        public static void main(String[] arguments) throws Exception {
            try (Kqueue kq = new Kqueue()) {
                List<Event> refused = kq.change(new Signal("HUP").getNumber(), kq.c.EVFILT_SIGNAL(), kq.c.EV_ADD(), 1)
                        .poll();
                Signal usr1 = new Signal("USR1");
                kq.change(usr1.getNumber(), kq.c.EVFILT_SIGNAL(), kq.c.EV_ADD(), 2)
                        .poll();
                Signal.raise(usr1);
                long told = kq.await().get(0).data();
                boolean eperm = refused.get(0).data() == kq.platform.errno().EPERM();
                System.out.println((eperm ? "EPERM" : refused) + ", and of USR1 told " + told);
            }
        }
    }

    /** Watches SIGCHLD before this JVM has had any child. */
    static final class FirstChild {

        private FirstChild() {}

        public static void main(String[] arguments) throws Exception {
            long pid;
            try (Kqueue kq = new Kqueue()) {
                int number = new Signal("CHLD").getNumber();
                kq.change(number, kq.c.EVFILT_SIGNAL(), kq.c.EV_ADD(), 4).poll();
                Process child = new ProcessBuilder("sh", "-c", "exit 7").start();
                pid = child.pid();
                int exit = child.waitFor();
                List<Event> told = kq.await();
                // A child that nobody has waited for would be there as a zombie.
                long left = ProcessHandle.current().children().count();
                System.out.println("exited " + exit + ", told " + told.get(0).data() + ", left " + left);
            }
            assertThat(ProcessHandle.of(pid)).isEmpty();
        }
    }

    @Test
    void oneshotLetsGo() {
        int oneshot = kq.c.EV_ONESHOT();
        signal(kq, add | oneshot).poll();
        Signal.raise(SIGNAL);
        assertThat(kq.await()).containsExactly(came(oneshot, 1));
        assertThat(signal(kq, kq.c.EV_DELETE()).poll())
                .containsExactly(kq.error(
                        SIGNAL.getNumber(),
                        kq.c.EVFILT_SIGNAL(),
                        kq.platform.errno().ENOENT(),
                        4));
    }

    @Test
    void disabledItCountsOn() {
        signal(kq, add | kq.c.EV_DISABLE()).poll();
        signal(other, add).poll();
        for (int i = 0; i < 2; i++) {
            Signal.raise(SIGNAL);
            // Both are told under one lock, this one later: what it has, the first has as well.
            assertThat(other.await()).containsExactly(came(0, 1));
        }
        assertThat(kq.poll()).isEmpty();
        assertThat(signal(kq, kq.c.EV_ENABLE()).poll()).containsExactly(came(0, 2));
    }

    @Test
    void aChildThatEndsIsASignal() throws Exception {
        Signal child = new Signal("CHLD");
        kq.change(child.getNumber(), kq.c.EVFILT_SIGNAL(), add, 4).poll();
        assertThat(new ProcessBuilder("true").start().waitFor()).isZero();
        assertThat(kq.await()).extracting(Event::ident).containsExactly((long) child.getNumber());
    }

    @Test
    void theJvmsOwnAndNoSignalsAreErrors() {
        int filter = kq.c.EVFILT_SIGNAL();
        for (String name : new String[] {"SEGV", "KILL", "QUIT"}) {
            int number = new Signal(name).getNumber();
            assertThat(kq.change(number, filter, add, 4).poll())
                    .as(name)
                    .containsExactly(
                            kq.error(number, filter, kq.platform.errno().EPERM(), 4));
        }
        for (long number : new long[] {0, -1, 999, 1L << 32}) {
            assertThat(kq.change(number, filter, add, 4).poll())
                    .containsExactly(
                            kq.error(number, filter, kq.platform.errno().EINVAL(), 4));
        }
    }
}
