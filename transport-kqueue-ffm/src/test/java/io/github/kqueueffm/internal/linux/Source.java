// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.NoteConstants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sun.misc.Signal;

/** Something to watch with one filter, and what makes it happen: all filters by one set of tests. */
abstract class Source implements AutoCloseable {

    final Kqueue kq;
    final KqueueConstants c;
    final NoteConstants notes;
    final int filter;
    final int fflags;
    final long data;

    /** What the kernel adds to the flags of each event. */
    int always;

    private Source(Kqueue kq, int filter, int fflags, long data) {
        this.kq = kq;
        c = kq.c;
        notes = kq.platform.notes();
        this.filter = filter;
        this.fflags = fflags;
        this.data = data;
    }

    abstract long ident();

    /** Makes it happen, until it is sure to be told. */
    abstract void happen();

    /** A change of its knote. */
    final Kqueue change(int flags, long udata) {
        boolean adds = (flags & c.EV_ADD()) != 0;
        return kq.change(ident(), filter, flags, adds ? fflags : 0, adds ? data : 0, udata);
    }

    /** Whether it happens without end, once it has begun. */
    boolean goesOn() {
        return false;
    }

    @Override
    public void close() {}

    static Source read(Kqueue kq) {
        Sockets.Pair pair = kq.sockets.pair();
        return new Source(kq, kq.c.EVFILT_READ(), 0, 0) {
            @Override
            long ident() {
                return pair.server();
            }

            @Override
            void happen() {
                kq.sockets.send(pair.client(), pair.server(), 1);
            }
        };
    }

    /** Happens when a full buffer is emptied. */
    static Source write(Kqueue kq) {
        Sockets.Pair pair = kq.sockets.pair();
        return new Source(kq, kq.c.EVFILT_WRITE(), 0, 0) {
            private long filled = kq.sockets.fill(pair.client());

            @Override
            long ident() {
                return pair.client();
            }

            @Override
            void happen() {
                if (filled == 0) {
                    filled = kq.sockets.fill(pair.client());
                    kq.kernel.exhausted(pair.client(), filter);
                }
                kq.sockets.drain(pair.server(), filled);
                kq.sockets.awaitWritable(pair.client());
                filled = 0;
            }
        };
    }

    static Source vnode(Kqueue kq) {
        Path file = temporary();
        int fd = kq.sockets.open(file, 2);
        return new Source(kq, kq.c.EVFILT_VNODE(), kq.platform.notes().NOTE_WRITE(), 0) {
            @Override
            long ident() {
                return fd;
            }

            @Override
            void happen() {
                kq.sockets.write(fd, 1);
            }

            @Override
            public void close() {
                delete(file);
            }
        };
    }

    /** READ of a file that grows. */
    static Source file(Kqueue kq) {
        Path file = temporary();
        int fd = kq.sockets.open(file);
        int writer = kq.sockets.open(file, 2);
        return new Source(kq, kq.c.EVFILT_READ(), 0, 0) {
            @Override
            long ident() {
                return fd;
            }

            @Override
            void happen() {
                kq.sockets.write(writer, 1);
            }

            @Override
            public void close() {
                delete(file);
            }
        };
    }

    private static Path temporary() {
        try {
            return Files.createTempFile("kq", null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Happens once. */
    static Source process(Kqueue kq) {
        Process child;
        try {
            child = new ProcessBuilder("cat").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Source source = new Source(kq, kq.c.EVFILT_PROC(), kq.platform.notes().NOTE_EXIT(), 0) {
            @Override
            long ident() {
                return child.pid();
            }

            @Override
            void happen() {
                close();
            }

            @Override
            public void close() {
                try {
                    child.getOutputStream().close();
                    child.waitFor();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        source.always = kq.c.EV_EOF() | kq.c.EV_ONESHOT();
        return source;
    }

    static Source signal(Kqueue kq) {
        // Ignored by default: a test that fails does not end the JVM.
        Signal signal = new Signal("WINCH");
        Kqueue witness = new Kqueue();
        Source source = new Source(kq, kq.c.EVFILT_SIGNAL(), 0, 0) {
            @Override
            long ident() {
                return signal.getNumber();
            }

            @Override
            void happen() {
                // All are told under one lock, the last to subscribe at last: what it has, the others have.
                witness.change(ident(), filter, c.EV_ADD() | c.EV_ONESHOT(), 0).poll();
                Signal.raise(signal);
                witness.await();
            }

            @Override
            public void close() {
                witness.close();
            }
        };
        source.always = kq.c.EV_CLEAR();
        return source;
    }

    static Source timer(Kqueue kq) {
        Source source = new Source(kq, kq.c.EVFILT_TIMER(), 0, 5) {
            @Override
            long ident() {
                return 1L << 40;
            }

            @Override
            void happen() {
                long end = System.nanoTime() + 11_000_000;
                while (System.nanoTime() - end < 0) {
                    Thread.onSpinWait();
                }
            }

            @Override
            boolean goesOn() {
                return true;
            }
        };
        source.always = kq.c.EV_CLEAR();
        return source;
    }

    static Source user(Kqueue kq) {
        return new Source(kq, kq.c.EVFILT_USER(), 0, 0) {
            @Override
            long ident() {
                return 3;
            }

            @Override
            void happen() {
                kq.kernel.trigger(3, 0);
            }
        };
    }
}
