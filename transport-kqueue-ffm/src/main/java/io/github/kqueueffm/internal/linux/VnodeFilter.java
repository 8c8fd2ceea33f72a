// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.InotifyConstants;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.NoteConstants;
import io.github.kqueueffm.internal.platform.Platform;
import java.util.HashMap;
import java.util.Map;

/**
 * EVFILT_VNODE, on inotify. What that cannot tell or tells otherwise than a BSD kernel:
 *
 * <ul>
 *   <li>Truncation is NOTE_WRITE.
 *   <li>The removal of a directory that is open: inotify says nothing until the last descriptor is closed. NOTE_WRITE of its
 *       parent tells.
 *   <li>NOTE_REVOKE does not come: Linux has no revoke(2), and no file system ends before its last file is closed (umount(2)).
 *   <li>The file must be readable by us. Network file systems tell what happens on this machine only.
 *   <li>When the queue of events overflows (fs.inotify.max_queued_events), every file reports NOTE_WRITE and NOTE_ATTRIB.
 * </ul>
 *
 * Loop thread only.
 */
final class VnodeFilter implements FilterFamily {

    final OpenFiles files;
    final ReadyQueue queue;
    final RepeatingList repeating;
    private final KqueueConstants constants;
    private final NoteConstants notes;
    private final InotifyConstants inotify;
    private final Errno errno;

    /** The NOTE_... bits that there are. */
    private final int known;

    private final Map<Integer, Vnode> vnodes = new HashMap<>();

    VnodeFilter(Platform platform, OpenFiles files, ReadyQueue queue, RepeatingList repeating) {
        constants = platform.kqueue();
        notes = platform.notes();
        inotify = platform.inotify();
        errno = platform.errno();
        known = notes.NOTE_DELETE()
                | notes.NOTE_WRITE()
                | notes.NOTE_EXTEND()
                | notes.NOTE_ATTRIB()
                | notes.NOTE_LINK()
                | notes.NOTE_RENAME()
                | notes.NOTE_REVOKE();
        this.files = files;
        this.queue = queue;
        this.repeating = repeating;
    }

    @Override
    public boolean has(int filter) {
        return filter == constants.EVFILT_VNODE();
    }

    @Override
    public int change(long ident, int filter, int flags, int fflags, long data, long udata) {
        int fd = (int) ident;
        if (fd != ident) {
            return -errno.EBADF();
        }
        int result = files.status.read(fd);
        if (result < 0) {
            forget(fd);
            return result;
        }
        Vnode vnode = vnodes.get(fd);
        if (vnode != null && !vnode.isOf(files.status)) {
            // Closed without forget(), and the number is another file's now.
            forget(vnode);
            vnode = null;
        }
        if ((flags & constants.EV_ADD()) != 0) {
            if ((fflags & ~known) != 0 || !files.status.isFile()) {
                return -errno.EINVAL();
            }
            if (vnode == null) {
                vnode = new Vnode(this, constants, notes, inotify, fd);
            }
            int watched = watch(vnode, fflags);
            if (watched < 0) {
                return watched;
            }
            if (!vnode.knote.added) {
                vnode.knote.create(flags);
                vnodes.put(fd, vnode);
            }
            vnode.knote.udata = udata;
        } else if (vnode == null) {
            return -errno.ENOENT();
        }
        if ((flags & constants.EV_DELETE()) != 0) {
            forget(vnode);
            return 0;
        }
        vnode.disableOrEnable(flags);
        return 0;
    }

    /** Takes over which notes the caller wants; 0, or {@code -errno}, which leaves it as it was. */
    private int watch(Vnode vnode, int wanted) {
        int before = vnode.wanted;
        if (vnode.knote.added && wanted == before) {
            return 0;
        }
        vnode.wanted = wanted;
        int watch = files.watch(vnode, vnode.watch);
        if (watch < 0) {
            vnode.wanted = before;
            return watch;
        }
        vnode.watch = watch;
        return 0;
    }

    /** The descriptor is going to be closed: what has happened to the file and was not reported is dropped. */
    void forget(int fd) {
        if (!vnodes.isEmpty()) {
            Vnode vnode = vnodes.get(fd);
            if (vnode != null) {
                forget(vnode);
            }
        }
    }

    void forget(Vnode vnode) {
        vnode.knote.remove();
        vnodes.remove(vnode.fd, vnode);
        files.unwatch(vnode.watch, vnode);
    }
}
