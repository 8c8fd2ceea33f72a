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

    /**
     * @param mmsghdrs address of {@code count} structs mmsghdr
     * @param timespec address of a struct timespec, which is looked at between messages only; 0 for none
     * @return how many messages were received
     */
    int recvmmsg(int fd, long mmsghdrs, int count, int flags, long timespec);

    /**
     * @param mmsghdrs address of {@code count} structs mmsghdr
     * @return how many messages were sent; an error of a later message than the first is lost
     */
    int sendmmsg(int fd, long mmsghdrs, int count, int flags);

    /**
     * The sendfile(2) of Linux.
     *
     * @param out a socket
     * @param in a file
     * @param offsetPointer address of an off_t of 8 bytes, which the call moves on; 0 to use the file's own position
     * @return the bytes sent, fewer than {@code count} when the file ends or the socket is full
     */
    long sendfile(int out, int in, long offsetPointer, long count);

    /**
     * The sendfile(2) of FreeBSD and DragonFly.
     *
     * @param fd a file
     * @param s a socket
     * @param nbytes 0 for everything up to the end of the file
     * @param hdtr address of a struct sf_hdtr, 0 for none
     * @param sbytesPointer address of an off_t of 8 bytes for the bytes sent, which counts after -EAGAIN and -EINTR too
     */
    int sendfileSbytes(int fd, int s, long offset, long nbytes, long hdtr, long sbytesPointer, int flags);

    /**
     * The sendfile(2) of macOS.
     *
     * @param fd a file
     * @param s a socket
     * @param lengthPointer address of an off_t of 8 bytes: how much to send, 0 for everything up to the end of the file; then
     *     the bytes sent, also after -EAGAIN and -EINTR
     * @param hdtr address of a struct sf_hdtr, 0 for none
     */
    int sendfileLength(int fd, int s, long offset, long lengthPointer, long hdtr, int flags);

    /**
     * macOS.
     *
     * @param endpoints address of a struct sa_endpoints
     * @param lengthPointer address of a size_t for the bytes of {@code iov} that were sent or queued
     * @param connidPointer address of a 32-bit id, 0 if it is not wanted
     */
    int connectx(
            int fd,
            long endpoints,
            int associd,
            int flags,
            long iov,
            int iovCount,
            long lengthPointer,
            long connidPointer);

    /** macOS. */
    int disconnectx(int fd, int associd, int connid);

    /** Variadic in C: the third argument is passed as the platform's ABI passes a variadic int. */
    int fcntl(int fd, int command, int argument);

    /** Variadic in C: the third argument is passed as the platform's ABI passes a variadic pointer. */
    int ioctl(int fd, long request, long argument);

    /**
     * Variadic in C: the mode is passed as the platform's ABI passes a variadic int.
     *
     * @param path address of a name that ends with a zero byte
     */
    int open(long path, int flags, int mode);

    /**
     * @param path address of a name that ends with a zero byte
     * @param stat address of room for a struct stat
     */
    int lstat(long path, long stat);

    /** @param stat address of room for a struct stat */
    int fstat(int fd, long stat);

    /** @param path address of a name that ends with a zero byte */
    int unlink(long path);

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

    long lseek(int fd, long offset, int whence);

    int inotifyInit1(int flags);

    /** @param path address of a name that ends with a zero byte */
    int inotifyAddWatch(int fd, long path, int mask);

    int inotifyRmWatch(int fd, int watch);

    int pidfdOpen(int pid, int flags);

    /** @param siginfo address of room for a siginfo_t, which is left as it is where WNOHANG finds nothing */
    int waitid(int idType, int id, long siginfo, int options);
}
