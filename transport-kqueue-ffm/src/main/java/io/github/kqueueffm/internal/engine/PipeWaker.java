// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;

/** A non-blocking pipe, for kernels without EVFILT_USER. */
final class PipeWaker implements Waker {

    private final Syscalls syscalls;
    private final Platform platform;
    private final NativeMemory fds;
    private final NativeMemory out;
    private final NativeMemory in;
    private int readEnd = -1;
    private int writeEnd = -1;

    PipeWaker(Syscalls syscalls, Platform platform) {
        this.syscalls = syscalls;
        this.platform = platform;
        fds = NativeMemory.allocate(syscalls, 2 * Integer.BYTES);
        // Two blocks: one thread writes from the one while the loop reads into the other.
        out = NativeMemory.allocate(syscalls, 1);
        in = NativeMemory.allocate(syscalls, 16);
        check("pipe", syscalls.pipe(fds.address()));
        readEnd = fds.buffer().getInt(0);
        writeEnd = fds.buffer().getInt(Integer.BYTES);
        try {
            prepare(readEnd);
            prepare(writeEnd);
        } catch (KernelException e) {
            close();
            throw e;
        }
    }

    private void prepare(int fd) {
        FileConstants file = platform.file();
        int flags = check("fcntl(F_GETFL)", syscalls.fcntl(fd, file.F_GETFL(), 0));
        check("fcntl(F_SETFL)", syscalls.fcntl(fd, file.F_SETFL(), flags | file.O_NONBLOCK()));
        check("fcntl(F_SETFD)", syscalls.fcntl(fd, file.F_SETFD(), file.FD_CLOEXEC()));
    }

    private static int check(String call, int result) {
        if (result < 0) {
            throw new KernelException(call, -result);
        }
        return result;
    }

    /** The descriptor to watch with EVFILT_READ, level-triggered. */
    int readEnd() {
        return readEnd;
    }

    @Override
    public void trigger() {
        long result;
        do {
            result = syscalls.write(writeEnd, out.address(), 1);
        } while (result == -platform.errno().EINTR());
        // EAGAIN: the pipe is full of bytes that nobody read yet, so the loop is woken already (write(2)).
        if (result < 0 && result != -platform.errno().EAGAIN()) {
            throw new KernelException("write(waker pipe)", (int) -result);
        }
    }

    @Override
    public void received() {
        long result;
        do {
            result = syscalls.read(readEnd, in.address(), in.size());
            // A full block may mean more; EINTR means again; EAGAIN that it is empty (read(2)).
        } while (result == in.size() || result == -platform.errno().EINTR());
        if (result < 0 && result != -platform.errno().EAGAIN()) {
            throw new KernelException("read(waker pipe)", (int) -result);
        }
    }

    @Override
    public void close() {
        // The result says nothing that could be acted on: an interrupted close(2) of a pipe has closed it on all our
        // systems.
        syscalls.close(readEnd);
        syscalls.close(writeEnd);
        readEnd = -1;
        writeEnd = -1;
    }

    @Override
    public String name() {
        return "pipe";
    }
}
