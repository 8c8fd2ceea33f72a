// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

/** Someone who is told by {@link Inotify} what happens to an open file. */
interface FileWatcher {

    int fd();

    /** The IN_... bits that it wants to hear of. */
    int mask();

    /**
     * @param mask the IN_... bits of one event. IN_IGNORED is the last: the file's last descriptor was closed
     * @param named of something in the directory that is watched, not of the directory itself
     */
    void told(int mask, boolean named);
}
