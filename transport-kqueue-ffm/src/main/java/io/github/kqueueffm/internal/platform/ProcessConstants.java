// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * Constants of Linux's {@code <sys/wait.h>} and {@code <linux/pidfd.h>}; all {@link Platform#ABSENT} elsewhere.
 *
 * @param PIDFD_GET_INFO an ioctl(2), unsigned
 */
public record ProcessConstants(
        int P_PIDFD,
        int WNOHANG,
        int WEXITED,
        int WNOWAIT,
        int CLD_EXITED,
        int CLD_DUMPED,
        int PIDFD_GET_INFO,
        int PIDFD_INFO_EXIT) {}
