// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import io.github.kqueueffm.internal.platform.CFunction;
import java.nio.ByteBuffer;

/**
 * The one funnel to the C library. Arguments are primitives and raw addresses, results are what the C function returned
 * when that is {@code >= 0}, and {@code -errno} otherwise, in the errno numbering of the platform record in use.
 *
 * <p>Implementations never throw, keep no errno state between calls, allocate nothing on a call, and may be used from
 * any thread. A function that the C library does not have answers {@code -ENOSYS}; {@link #has} tells beforehand. No
 * call is restarted here: {@code -EINTR} is the caller's to handle.
 *
 * <p>Addresses must stay valid for the duration of the call; the caller keeps the memory reachable.
 */
public interface Syscalls {

    /** Whether the C library in use exports this function under the name the platform record gives. */
    boolean has(CFunction function);

    /**
     * Address of the first byte (index 0, whatever the position) of a direct buffer's view.
     *
     * @param direct a direct buffer; the caller keeps it reachable for as long as the address is in use
     */
    long address(ByteBuffer direct);

    int socket(int domain, int type, int protocol);

    int bind(int fd, long sockaddr, int length);

    int listen(int fd, int backlog);

    int connect(int fd, long sockaddr, int length);

    int accept(int fd, long sockaddr, long lengthPointer);

    int accept4(int fd, long sockaddr, long lengthPointer, int flags);

    /** NetBSD's older form of accept4; called with a null signal mask. */
    int paccept(int fd, long sockaddr, long lengthPointer, long sigmask, int flags);

    int getsockname(int fd, long sockaddr, long lengthPointer);

    int getpeername(int fd, long sockaddr, long lengthPointer);

    int getsockopt(int fd, int level, int name, long value, long lengthPointer);

    int setsockopt(int fd, int level, int name, long value, int length);

    int shutdown(int fd, int how);

    int close(int fd);

    long read(int fd, long buffer, long length);

    long write(int fd, long buffer, long length);

    long readv(int fd, long iovec, int count);

    long writev(int fd, long iovec, int count);

    long recvfrom(int fd, long buffer, long length, int flags, long sockaddr, long lengthPointer);

    long sendto(int fd, long buffer, long length, int flags, long sockaddr, int sockaddrLength);

    long recvmsg(int fd, long msghdr, int flags);

    long sendmsg(int fd, long msghdr, int flags);

    /** Variadic in C: the third argument is passed as the platform's ABI passes a variadic int. */
    int fcntl(int fd, int command, int argument);

    /** Variadic in C: the third argument is passed as the platform's ABI passes a variadic pointer. */
    int ioctl(int fd, long request, long argument);

    /** @param fds address of two ints */
    int pipe(long fds);

    int poll(long pollfds, long count, int timeoutMillis);

    int kqueue();

    /** @param timespec address of a struct timespec, 0 to wait without limit */
    int kevent(int kq, long changes, int changeCount, long events, int eventCapacity, long timespec);

    int epollCreate1(int flags);

    /** @param event address of a struct epoll_event, 0 where the operation takes none */
    int epollCtl(int epfd, int operation, int fd, long event);

    /** @param timeoutMillis milliseconds, -1 to wait without limit */
    int epollWait(int epfd, long events, int capacity, int timeoutMillis);

    /** @param timespec address of a struct timespec, 0 to wait without limit */
    int epollPwait2(int epfd, long events, int capacity, long timespec);

    int eventfd(int initialValue, int flags);
}
