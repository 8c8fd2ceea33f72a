// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One descriptor (or other ident) on one engine, with its filters. Loop thread only, except for {@link #isOpen}.
 *
 * <p>The READ filter, once added, stays in the kernel until the registration ends: not reading means BLOCKED, which is
 * known to this side only. The WRITE filter is one-shot.
 */
public final class Registration {

    final KQueueEngine engine;
    private final EventTarget target;
    private final int ident;
    private final long udata;
    private final Knote reader;
    private final Knote writer;

    /** Filters the owner submitted by itself; most registrations have none. */
    private @Nullable List<Knote> others;

    private volatile boolean open = true;

    /** On the engine's ready list. */
    boolean queued;

    Registration(KQueueEngine engine, EventTarget target, int ident, long udata, FilterKind readKind) {
        this.engine = engine;
        this.target = target;
        this.ident = ident;
        this.udata = udata;
        reader = new Knote(this, engine.constants().EVFILT_READ(), readKind);
        writer = new Knote(this, engine.constants().EVFILT_WRITE(), FilterKind.ONE_SHOT);
    }

    public int ident() {
        return ident;
    }

    public EventTarget target() {
        return target;
    }

    long udata() {
        return udata;
    }

    /** What the engine counts, for what its owner counts besides. */
    public LoopCounters counters() {
        return engine.counters();
    }

    /** What the READ filter last said. */
    public Knote reader() {
        return reader;
    }

    /** What the WRITE filter last said. */
    public Knote writer() {
        return writer;
    }

    /** Whether events can still come. Any thread. */
    public boolean isOpen() {
        return open;
    }

    /**
     * Puts the READ filter into the kernel without asking for its events yet: an edge-triggered one then tells of end of
     * file even to an owner that never reads.
     */
    public void watch() {
        if (open && reader.wanted == Knote.Stage.ABSENT) {
            engine.change(reader, Knote.Stage.ENABLED);
        }
    }

    /**
     * Asks for READ events. What was remembered while the filter was blocked, or left over when the owner last stopped
     * reading, is told in the next turn, which then does not wait.
     */
    public void startReading() {
        if (!open) {
            return;
        }
        reader.active = true;
        if (reader.wanted != Knote.Stage.ENABLED) {
            engine.change(reader, Knote.Stage.ENABLED);
        }
        readAgain();
    }

    /** Blocks READ events on this side; the kernel hears nothing of it unless an event comes meanwhile. */
    public void stopReading() {
        reader.active = false;
    }

    /** Whether READ events are asked for. */
    public boolean isReading() {
        return reader.active;
    }

    /**
     * Tells the owner once more of the READ filter in the next turn, if something is left: an edge is told once. A
     * level-triggered filter needs no such help.
     */
    public void readAgain() {
        if (open && reader.ready && reader.kind == FilterKind.EDGE) {
            engine.schedule(this);
        }
    }

    /** Arms the WRITE filter: it tells once when there is room, when a connect is done, or of an error. */
    public void armWrite() {
        if (open && !writer.active) {
            writer.active = true;
            engine.change(writer, Knote.Stage.ENABLED);
        }
    }

    /** Whether the WRITE filter is armed and has not fired. */
    public boolean isWriteArmed() {
        return writer.active;
    }

    /**
     * Ends the registration of a descriptor that the caller closes right after this: pending changes are dropped, and the
     * kernel drops the knotes at the close, so nothing is sent. Idempotent.
     */
    public void close() {
        if (open) {
            release();
            engine.kernel().forget(ident);
        }
    }

    /**
     * Ends the registration of an ident that stays open: its knotes are deleted from the kernel before this returns, as a
     * later change could hit another registration of the same ident. Idempotent.
     */
    public void cancel() {
        if (open) {
            engine.deleteKnotes(this);
            release();
            engine.kernel().forget(ident);
        }
    }

    private void release() {
        open = false;
        reader.active = false;
        writer.active = false;
        engine.release(this);
    }

    /** The knote of {@code filter} that the owner manages by itself, made if there is none. */
    Knote raw(int filter) {
        Knote found = findRaw(filter);
        if (found == null) {
            found = new Knote(this, filter, FilterKind.RAW);
            if (others == null) {
                others = new ArrayList<>(2);
            }
            others.add(found);
        }
        return found;
    }

    @Nullable
    Knote findRaw(int filter) {
        if (others != null) {
            for (int i = 0; i < others.size(); i++) {
                Knote knote = others.get(i);
                if (knote.filter == filter) {
                    return knote;
                }
            }
        }
        return null;
    }

    int knoteCount() {
        return others == null ? 2 : 2 + others.size();
    }

    Knote knote(int index) {
        if (index == 0) {
            return reader;
        }
        return index == 1 || others == null ? writer : others.get(index - 2);
    }
}
