// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.InotifyConstants;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.NoteConstants;

/** The EVFILT_VNODE knote of one open file or directory. Loop thread only. */
final class Vnode extends KnoteTarget implements FileWatcher {

    private final VnodeFilter filter;
    private final FileIdentity identity;
    private final NoteConstants notes;
    private final InotifyConstants inotify;
    private final Repetition repetition;

    /** NOTE_... bits that the caller wants to hear of. */
    int wanted;

    int watch = Inotify.NO_WATCH;

    /** NOTE_... bits that have happened since the last report. */
    private int happened;

    private long links;
    private long length;

    Vnode(VnodeFilter filter, KqueueConstants constants, NoteConstants notes, InotifyConstants inotify, int fd) {
        super(filter.queue, constants, constants.EVFILT_VNODE(), fd);
        this.filter = filter;
        this.notes = notes;
        this.inotify = inotify;
        repetition = new Repetition(filter.repeating, this::tellAgain);
        identity = new FileIdentity(filter.files.status);
        remember(filter.files.status);
    }

    /** The status just read is what changes are measured against. */
    private void remember(FileStatus status) {
        links = status.links();
        length = status.length();
    }

    /** Whether the status just read is of the file that this was made for. */
    boolean isOf(FileStatus status) {
        return identity.is(status);
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public int mask() {
        int mask = 0;
        if ((wanted & (notes.NOTE_WRITE() | notes.NOTE_EXTEND())) != 0) {
            mask |= inotify.IN_MODIFY() | entries();
        }
        if ((wanted & notes.NOTE_LINK()) != 0) {
            mask |= entries();
        }
        if ((wanted & (notes.NOTE_DELETE() | notes.NOTE_LINK() | notes.NOTE_ATTRIB())) != 0) {
            mask |= inotify.IN_ATTRIB();
        }
        if ((wanted & notes.NOTE_RENAME()) != 0) {
            mask |= inotify.IN_MOVE_SELF();
        }
        // A watch must ask for something.
        return mask == 0 ? inotify.IN_DELETE_SELF() : mask;
    }

    /** What happens to the names in a directory. */
    private int entries() {
        return inotify.IN_CREATE() | inotify.IN_DELETE() | inotify.IN_MOVED_FROM() | inotify.IN_MOVED_TO();
    }

    @Override
    public void told(int mask, boolean named) {
        FileStatus status = filter.files.status;
        if ((mask & inotify.IN_IGNORED()) != 0 || status.read(fd) < 0 || !isOf(status)) {
            // Closed without forget(). A kqueue drops the knote then.
            filter.forget(this);
            return;
        }
        int notices = named ? ofEntry(mask) : ofItself(mask, status);
        remember(status);
        happened |= notices & wanted;
        if (happened != 0) {
            activate();
        }
    }

    private int ofEntry(int mask) {
        if ((mask & entries()) == 0) {
            // Other events with a name are of files in the directory, which a kqueue does not watch with it.
            return 0;
        }
        return (mask & inotify.IN_ISDIR()) != 0 ? notes.NOTE_WRITE() | notes.NOTE_LINK() : notes.NOTE_WRITE();
    }

    private int ofItself(int mask, FileStatus status) {
        int notices = 0;
        if ((mask & inotify.IN_MODIFY()) != 0) {
            notices |= status.length() > length ? notes.NOTE_WRITE() | notes.NOTE_EXTEND() : notes.NOTE_WRITE();
        }
        if ((mask & inotify.IN_ATTRIB()) != 0) {
            // A directory's links are its entries, which are told by name.
            notices |= (mask & inotify.IN_ISDIR()) != 0 ? notes.NOTE_ATTRIB() : attributes(status.links());
        }
        if ((mask & inotify.IN_MOVE_SELF()) != 0) {
            notices |= notes.NOTE_RENAME();
        }
        return notices;
    }

    /** IN_ATTRIB is told of links as well; IN_DELETE_SELF only when the last descriptor is closed, so never before ours. */
    private int attributes(long now) {
        if (now == links) {
            return notes.NOTE_ATTRIB();
        }
        return now == 0 ? notes.NOTE_DELETE() : notes.NOTE_LINK();
    }

    @Override
    void report(KEventList events, int at) {
        events.set(at, fd, knote.filter, knote.flags(), happened, 0, knote.udata);
        boolean level = knote.isLevel();
        knote.reported();
        if (level) {
            repetition.atNextWait();
        } else {
            happened = 0;
        }
        if (!knote.added) {
            filter.forget(this);
        }
    }
}
