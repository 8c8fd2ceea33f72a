// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

/** Which file a descriptor has open: by it shows later that the number has become another's, of which nobody tells. */
final class FileIdentity {

    private final long device;
    private final long inode;

    /** Of the status just read. */
    FileIdentity(FileStatus status) {
        device = status.device();
        inode = status.inode();
    }

    /** Whether the status just read is of this file. */
    boolean is(FileStatus status) {
        return status.device() == device && status.inode() == inode;
    }
}
