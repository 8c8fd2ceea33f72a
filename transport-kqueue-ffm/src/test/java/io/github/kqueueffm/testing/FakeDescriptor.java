// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import io.github.kqueueffm.internal.platform.Errno;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Something that has a descriptor number. All methods are called, and all fields used, under the kernel's lock. */
abstract class FakeDescriptor {

    final ScriptedKernel kernel;
    int fd = -1;
    int descriptorFlags;
    int statusFlags;

    /** Those that watch this descriptor, in any kqueue. */
    final List<Knote> watchers = new ArrayList<>();

    FakeDescriptor(ScriptedKernel kernel) {
        this.kernel = kernel;
    }

    /** What EVFILT_READ says. {@code lowWater} is NOTE_LOWAT's, 1 without one. */
    abstract Readiness readReadiness(long lowWater);

    /** What EVFILT_WRITE says. */
    abstract Readiness writeReadiness(long lowWater);

    /** read(2). */
    abstract long read(ByteBuffer into);

    /** write(2). */
    abstract long write(ByteBuffer from);

    /** The last descriptor is closed. */
    void closed() {}

    final Errno errno() {
        return kernel.platform().errno();
    }

    /** Knotes of this descriptor look again, as when a kernel calls KNOTE(). */
    final void changed() {
        for (Knote knote : watchers) {
            knote.owner.look(knote);
        }
    }
}
