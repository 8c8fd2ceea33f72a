// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * Who is at the other end of a UNIX domain socket: the getsockopt(2) to ask, and where its answer has what; offsets and
 * sizes in bytes. Ids are 4 bytes everywhere. {@link Platform#ABSENT} for what the platform does not tell: pid on macOS (there
 * is {@code pidOption}) and DragonFly; either {@code gid} or the list of groups.
 *
 * @param level SOL_SOCKET, or SOL_LOCAL, which is 0, where the option is of the UNIX domain alone
 * @param option SO_PEERCRED on Linux and OpenBSD, LOCAL_PEERCRED on macOS, FreeBSD and DragonFly, LOCAL_PEEREID on NetBSD
 * @param size of the answer: {@code struct ucred}, {@code unpcbid}, {@code sockpeercred} or {@code xucred}
 * @param gid offset of the one group id (Linux, NetBSD, OpenBSD)
 * @param groupCount offset of the number of groups in a {@code struct xucred} (macOS, FreeBSD, DragonFly)
 * @param groupCountSize 2
 * @param groups offset of the list, a {@code gid_t[maxGroups]} that begins with the effective group id
 * @param pidOption LOCAL_PEERPID of macOS, of the same level: the answer is an int
 */
public record CredentialsLayout(
        int level,
        int option,
        int size,
        int pid,
        int uid,
        int gid,
        int groupCount,
        int groupCountSize,
        int groups,
        int maxGroups,
        int pidOption) {}
