// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static io.github.kqueueffm.internal.engine.Kernel.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Pipes, terminals, and a kqueue that watches another one. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OtherDescriptorsTest {

    private final Kqueue kq = new Kqueue(true, real -> real);
    private final Kqueue inner = new Kqueue();
    private final int clear = kq.c.EV_CLEAR();
    private final int eof = kq.c.EV_EOF();

    @AfterEach
    void close() {
        kq.close();
        inner.close();
    }

    @Test
    void aPipeTellsBytesAndBothEnds() {
        List<Integer> pipe = kq.sockets.pipe();
        int in = pipe.get(0);
        int out = pipe.get(1);
        kq.addRead(in, clear, 1).addWrite(out, clear, 2);
        assertThat(kq.poll()).containsExactly(kq.write(out, clear, 2));
        kq.sockets.send(out, in, 3);
        assertThat(kq.await()).contains(kq.read(in, clear, 3, 1));
        kq.kernel.forget(out);
        kq.sockets.close(out);
        assertThat(kq.await()).containsExactly(kq.read(in, clear | eof, 3, 1));
        assertThat(kq.sockets.read(in, 10)).isEqualTo(3);
        assertThat(kq.sockets.read(in, 10)).isZero();
    }

    @Test
    void aPipeWithoutReaderEndsItsWriter() {
        List<Integer> pipe = kq.sockets.pipe();
        int out = pipe.get(1);
        kq.addWrite(out, clear, 2).poll();
        kq.sockets.close(pipe.get(0));
        assertThat(kq.await()).extracting(Event::flags).containsExactly(kq.c.EV_ADD() | clear | eof);
    }

    @Test
    void aTerminal() {
        // O_RDWR | O_NOCTTY
        int terminal = kq.sockets.open(Path.of("/dev/ptmx"), 0x102);
        kq.addRead(terminal, clear, 1).addWrite(terminal, clear, 2);
        assertThat(kq.poll()).extracting(Event::filter).contains(kq.c.EVFILT_WRITE());
        int other = kq.sockets.terminal(terminal);
        assertThat(kq.sockets.write(other, 4)).isEqualTo(4);
        assertThat(kq.await()).extracting(Event::udata).contains(1L);
    }

    @Test
    void theEndOfATerminal() {
        int terminal = kq.sockets.open(Path.of("/dev/ptmx"), 0x102);
        int other = kq.sockets.terminal(terminal);
        kq.addRead(terminal, clear, 1).addWrite(terminal, kq.c.EV_DISPATCH(), 2);
        assertThat(kq.poll()).extracting(Event::udata).containsExactly(2L);
        kq.sockets.close(other);
        assertThat(kq.await()).containsExactly(kq.read(terminal, clear | eof, 0, 1));
        // EIO, as of a line that was hung up.
        assertThat(kq.sockets.read(terminal, 1)).isEqualTo(-5);
    }

    @Test
    void aTerminalIsLevelTriggeredToo() {
        int terminal = kq.sockets.open(Path.of("/dev/ptmx"), 0x102);
        int other = kq.sockets.terminal(terminal);
        kq.addRead(terminal, 0, 1);
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.sockets.write(other, 4)).isEqualTo(4);
        kq.sockets.awaitReadable(terminal);
        for (int i = 0; i < 2; i++) {
            assertThat(kq.await()).extracting(Event::udata).containsExactly(1L);
        }
        assertThat(kq.sockets.read(terminal, 100)).isGreaterThanOrEqualTo(4);
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void aKqueueThatIsClosedIsToldNoMore() {
        inner.change(3, inner.c.EVFILT_USER(), inner.c.EV_ADD() | clear, 0).poll();
        int fd = inner.kernel.fd();
        kq.addRead(fd, 0, 1).poll();
        inner.kernel.trigger(3, 0);
        assertThat(kq.await()).extracting(Event::udata).containsExactly(1L);
        kq.kernel.forget(fd);
        inner.kernel.close();
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.change(fd, kq.c.EVFILT_READ(), kq.c.EV_DELETE(), 2).poll())
                .containsExactly(
                        kq.error(fd, kq.c.EVFILT_READ(), kq.platform.errno().EBADF(), 2));
    }

    @Test
    void oneshotDispatchAndDisableOfPipes() {
        List<Integer> pipe = kq.sockets.pipe();
        int in = pipe.get(0);
        int out = pipe.get(1);
        int dispatch = kq.c.EV_DISPATCH();
        kq.addRead(in, dispatch, 1).addWrite(out, kq.c.EV_ONESHOT(), 2);
        assertThat(kq.poll()).containsExactly(kq.write(out, kq.c.EV_ONESHOT(), 2));
        kq.sockets.send(out, in, 3);
        assertThat(kq.await()).containsExactly(kq.read(in, dispatch, 3, 1));
        kq.sockets.send(out, in, 3);
        assertThat(kq.poll()).isEmpty();
        kq.change(in, kq.c.EVFILT_READ(), kq.c.EV_ENABLE(), 1);
        assertThat(kq.poll()).containsExactly(kq.read(in, dispatch, 6, 1));
        kq.change(in, kq.c.EVFILT_READ(), kq.c.EV_ADD() | kq.c.EV_ENABLE(), kq.c.NOTE_LOWAT(), 7, 1);
        assertThat(kq.poll()).isEmpty();
        kq.sockets.send(out, in, 1);
        assertThat(kq.await()).containsExactly(kq.read(in, dispatch, 7, 1));
    }

    @Test
    void aKqueueIsReadyWhileOneOfItsEventsIs() {
        Sockets.Pair pair = kq.sockets.pair();
        inner.addRead(pair.server(), clear, 7).poll();
        kq.addRead(inner.kernel.fd(), 0, 1);
        assertThat(kq.poll()).isEmpty();
        kq.sockets.send(pair.client(), pair.server(), 1);
        for (int i = 0; i < 2; i++) {
            assertThat(kq.await()).extracting(Event::udata).containsExactly(1L);
        }
        assertThat(inner.poll()).containsExactly(inner.read(pair.server(), clear, UNKNOWN, 7));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void aUserEventOfAKqueueMakesItReady() {
        inner.change(3, inner.c.EVFILT_USER(), inner.c.EV_ADD() | clear, 0).poll();
        kq.addRead(inner.kernel.fd(), clear, 1).poll();
        inner.kernel.trigger(3, 0);
        assertThat(kq.await()).extracting(Event::udata).containsExactly(1L);
    }

    @Test
    void aKqueueCannotBeWritten() {
        int fd = inner.kernel.fd();
        assertThat(kq.addWrite(fd, clear, 1).poll())
                .containsExactly(
                        kq.error(fd, kq.c.EVFILT_WRITE(), kq.platform.errno().EPERM(), 1));
        kq.addRead(fd, 0, 1).poll();
        assertThat(kq.addWrite(fd, clear, 1).poll())
                .containsExactly(
                        kq.error(fd, kq.c.EVFILT_WRITE(), kq.platform.errno().EPERM(), 1));
    }

    @Test
    void aKqueueCannotWatchItself() {
        int fd = kq.kernel.fd();
        assertThat(kq.addRead(fd, 0, 1).poll())
                .containsExactly(
                        kq.error(fd, kq.c.EVFILT_READ(), kq.platform.errno().EINVAL(), 1));
    }
}
