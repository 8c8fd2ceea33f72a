// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names and short texts of errno values, in the numbering of a platform record. Ours rather than strerror(3)'s: that one
 * speaks the locale, and numbers of the running system only. Any thread.
 */
public final class ErrnoNames {

    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("EPERM", "Operation not permitted"),
            Map.entry("ECHILD", "No child processes"),
            Map.entry("ENOENT", "No such file or directory"),
            Map.entry("ESRCH", "No such process"),
            Map.entry("EINTR", "Interrupted system call"),
            Map.entry("EIO", "Input/output error"),
            Map.entry("EBADF", "Bad file descriptor"),
            Map.entry("EAGAIN", "Resource temporarily unavailable"),
            Map.entry("ENOMEM", "Out of memory"),
            Map.entry("EACCES", "Permission denied"),
            Map.entry("EFAULT", "Bad address"),
            Map.entry("EEXIST", "Already exists"),
            Map.entry("ENOTDIR", "Not a directory"),
            Map.entry("EINVAL", "Invalid argument"),
            Map.entry("ENFILE", "Too many open files in the system"),
            Map.entry("EMFILE", "Too many open files in the process"),
            Map.entry("EPIPE", "Broken pipe"),
            Map.entry("ENOSYS", "Function not available"),
            Map.entry("EOPNOTSUPP", "Operation not supported"),
            Map.entry("ENOTSUP", "Not supported"),
            Map.entry("EPROTO", "Protocol error"),
            Map.entry("ENOPROTOOPT", "Socket option not available"),
            Map.entry("EPROTONOSUPPORT", "Protocol not supported"),
            Map.entry("EAFNOSUPPORT", "Address family not supported"),
            Map.entry("EADDRINUSE", "Address already in use"),
            Map.entry("EADDRNOTAVAIL", "Address not available"),
            Map.entry("ENETDOWN", "Network is down"),
            Map.entry("ENETUNREACH", "Network is unreachable"),
            Map.entry("ECONNABORTED", "Connection aborted"),
            Map.entry("ECONNRESET", "Connection reset by peer"),
            Map.entry("ENOBUFS", "No buffer space available"),
            Map.entry("EISCONN", "Socket is already connected"),
            Map.entry("ENOTCONN", "Socket is not connected"),
            Map.entry("ESHUTDOWN", "Socket has been shut down"),
            Map.entry("ETIMEDOUT", "Connection timed out"),
            Map.entry("ECONNREFUSED", "Connection refused"),
            Map.entry("EHOSTDOWN", "Host is down"),
            Map.entry("EHOSTUNREACH", "No route to host"),
            Map.entry("EALREADY", "Operation already in progress"),
            Map.entry("EINPROGRESS", "Operation now in progress"),
            Map.entry("EMSGSIZE", "Message too long"),
            Map.entry("EDESTADDRREQ", "Destination address required"),
            Map.entry("ENOTSOCK", "Not a socket"),
            Map.entry("ENAMETOOLONG", "File name too long"),
            Map.entry("ELOOP", "Too many symbolic links"),
            Map.entry("EISDIR", "Is a directory"),
            Map.entry("ECANCELED", "Operation canceled"));

    /** The table made last: a process uses one numbering, so reflection happens once. */
    private static volatile @Nullable Table table;

    private ErrnoNames() {}

    /** {@code ECONNRESET}; {@code errno 77} for a number that the record does not name. */
    public static String name(Errno numbering, int errno) {
        String name = table(numbering).names.get(errno);
        return name == null ? "errno " + errno : name;
    }

    /** {@code Connection reset by peer}; {@code Unknown error 77} for a number that the record does not name. */
    public static String describe(Errno numbering, int errno) {
        String text = TEXTS.get(name(numbering, errno));
        return text == null ? "Unknown error " + errno : text;
    }

    private static Table table(Errno numbering) {
        Table last = table;
        if (last == null || last.numbering != numbering) {
            last = new Table(numbering, names(numbering));
            table = last;
        }
        return last;
    }

    private static Map<Integer, String> names(Errno numbering) {
        Map<Integer, String> names = new HashMap<>();
        for (RecordComponent component : Errno.class.getRecordComponents()) {
            try {
                Integer value = (Integer) component.getAccessor().invoke(numbering);
                // Two names of one number (EOPNOTSUPP and ENOTSUP on Linux): the first, which is the socket call's.
                names.putIfAbsent(value, component.getName());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Cannot read " + component, e);
            }
        }
        return names;
    }

    private record Table(Errno numbering, Map<Integer, String> names) {}
}
