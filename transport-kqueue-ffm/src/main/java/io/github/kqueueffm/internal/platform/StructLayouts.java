// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * The other structs that cross the system-call boundary: sizes and offsets in bytes.
 *
 * @param statModeSize width of {@code st_mode}: 4, on macOS, FreeBSD and DragonFly 2
 * @param statLinksSize width of {@code st_nlink}
 * @param statLength {@code st_size}, which has 8 bytes
 * @param inotifyEventSize without the name behind it
 */
public record StructLayouts(
        int iovecSize,
        int iovecBase,
        int iovecLength,
        int lingerSize,
        int lingerOnOff,
        int lingerSeconds,
        int timespecSize,
        int timespecSeconds,
        int timespecNanos,
        int pollfdSize,
        int pollfdFd,
        int pollfdEvents,
        int pollfdRevents,
        int statSize,
        int statMode,
        int statModeSize,
        int statDevice,
        int statInode,
        int statLinks,
        int statLinksSize,
        int statLength,
        int epollEventSize,
        int epollEventEvents,
        int epollEventData,
        int inotifyEventSize,
        int inotifyEventWatch,
        int inotifyEventMask,
        int inotifyEventLength,
        int siginfoSize,
        int siginfoCode,
        int siginfoPid,
        int siginfoStatus,
        int pidfdInfoSize,
        int pidfdInfoMask,
        int pidfdInfoExitCode,
        int acceptFilterSize,
        int acceptFilterName,
        int acceptFilterNameSize,
        int acceptFilterArgument,
        int acceptFilterArgumentSize,
        int saEndpointsSize,
        int saEndpointsDestination,
        int saEndpointsDestinationLength) {}
