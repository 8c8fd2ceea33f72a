// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * {@code struct msghdr} of sendmsg(2), {@code struct mmsghdr} of sendmmsg(2) and {@code struct cmsghdr} of control
 * messages: sizes and offsets in bytes. Linux counts in size_t where the BSDs count in int and socklen_t.
 *
 * @param msghdrNameLength offset of {@code msg_namelen}, 4 bytes everywhere
 * @param msghdrIovCountSize 4, on Linux 8
 * @param msghdrControlLengthSize 4, on Linux 8
 * @param msghdrFlags offset of {@code msg_flags}, 4 bytes, which the kernel sets on receipt
 * @param mmsghdrSize distance of two elements; {@link Platform#ABSENT}, as are the next two, where there is no sendmmsg(2)
 *     (macOS, DragonFly)
 * @param mmsghdrHeader offset of the {@code struct msghdr} in it
 * @param mmsghdrLength offset of the low 4 bytes of {@code msg_len}, which are all of it but on FreeBSD, where it is an ssize_t
 * @param cmsghdrSize {@code sizeof(struct cmsghdr)}, without padding
 * @param cmsghdrLength offset of {@code cmsg_len}, which counts the padded header and the data, not the padding behind it
 * @param cmsghdrLengthSize 4, on Linux 8
 * @param cmsgAlignment header and data are padded to a multiple of this: data begins at {@code cmsghdrSize} rounded up, the
 *     next message at {@code cmsg_len} rounded up. 8, but 4 on macOS and 16 on NetBSD for arm64
 */
public record MessageLayout(
        int msghdrSize,
        int msghdrName,
        int msghdrNameLength,
        int msghdrIov,
        int msghdrIovCount,
        int msghdrIovCountSize,
        int msghdrControl,
        int msghdrControlLength,
        int msghdrControlLengthSize,
        int msghdrFlags,
        int mmsghdrSize,
        int mmsghdrHeader,
        int mmsghdrLength,
        int cmsghdrSize,
        int cmsghdrLength,
        int cmsghdrLengthSize,
        int cmsghdrLevel,
        int cmsghdrType,
        int cmsgAlignment) {}
