// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SockaddrLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * {@code struct sockaddr_un}. A path is its UTF-8 bytes. A name that begins with a NUL is in Linux's abstract namespace, which
 * no file system knows (unix(7)). Immutable.
 */
final class UnixAddressCodec {

    private final SockaddrLayout layout;
    private final Errno errno;
    private final int family;
    private final boolean abstractNames;

    UnixAddressCodec(Platform platform) {
        layout = platform.sockaddr();
        errno = platform.errno();
        family = platform.socket().AF_UNIX();
        abstractNames = platform.traits().abstractUnixNames();
    }

    /**
     * @return the length of the sockaddr, bytes; {@code -ENAMETOOLONG} for a path that does not fit, {@code -EINVAL} for one
     *     that has a NUL in it, {@code -ENOENT} for an empty one, and {@code -EOPNOTSUPP} for an abstract name where there
     *     are none
     */
    int encode(String path, ByteBuffer into, int offset) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            // To the kernels that would be "no address": Linux binds to a name of its own choice (unix(7), autobind).
            return -errno.ENOENT();
        }
        boolean isAbstract = bytes[0] == 0;
        if (isAbstract && !abstractNames) {
            return -errno.EOPNOTSUPP();
        }
        if (!isAbstract && path.indexOf(0) >= 0) {
            // The kernel would stop at it, and name another file.
            return -errno.EINVAL();
        }
        // A path ends with a NUL, an abstract name with its length.
        int length = isAbstract ? bytes.length : bytes.length + 1;
        if (length > layout.unPathSize()) {
            return -errno.ENAMETOOLONG();
        }
        SocketAddressCodec.start(layout, into, offset, layout.unPath() + length, family);
        into.put(offset + layout.unPath(), bytes);
        return layout.unPath() + length;
    }

    /** The path at {@code offset}, empty for a socket without a name. */
    String decode(ByteBuffer from, int offset, int length) {
        int at = offset + layout.unPath();
        // Linux tells the length that the address would have, when that is more than there was room for.
        int room = Math.min(length - layout.unPath(), layout.unPathSize());
        int end = 0;
        boolean isAbstract = abstractNames && room > 0 && from.get(at) == 0;
        while (end < room && (isAbstract || from.get(at + end) != 0)) {
            end++;
        }
        byte[] bytes = new byte[end];
        from.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
