// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Targets;
import io.github.kqueueffm.internal.platform.oracle.StructImage;
import io.github.kqueueffm.testing.MemoryCalls;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** {@code struct kevent} and {@code struct timespec} of every system, byte by byte. */
@Domain(Targets.class)
@Domain(DomainContext.Global.class)
class KeventBytesTest {

    private static final int ENTRIES = 3;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static StructImage image(
            Platform platform, long ident, int filter, int flags, int fflags, long data, long udata) {
        return StructImage.of(platform, "kevent")
                .put("ident", ident)
                .put("filter", filter)
                .put("flags", flags)
                .put("fflags", fflags)
                .put("data", data)
                .put("udata", udata);
    }

    @Property
    void entryOfAList(
            @ForAll Platform platform,
            @ForAll @IntRange(max = ENTRIES - 1) int index,
            @ForAll long ident,
            @ForAll short filter,
            @ForAll @IntRange(max = 0xffff) int flags,
            @ForAll int fflags,
            @ForAll long data,
            @ForAll long udata) {
        MemoryCalls calls = new MemoryCalls(platform);
        KEventList list = new KEventList(calls.syscalls(), platform.kevent(), ENTRIES);
        StructImage image = image(platform, ident, filter, flags, fflags, data, udata);
        byte[] none = new byte[image.size()];

        list.set(index, ident, filter, flags, fflags, data, udata);
        for (int i = 0; i < ENTRIES; i++) {
            assertThat(calls.read(list.address() + (long) i * image.size(), image.size()))
                    .as("%s, entry %d", platform.id(), i)
                    .isEqualTo(i == index ? image.bytes() : none);
        }

        int other = (index + 1) % ENTRIES;
        calls.write(list.address() + (long) other * image.size(), image.bytes());
        assertThat(list.ident(other)).isEqualTo(ident);
        assertThat(list.filter(other)).isEqualTo(filter);
        assertThat(list.flags(other)).isEqualTo(flags);
        assertThat(list.fflags(other)).isEqualTo(fflags);
        assertThat(list.data(other)).isEqualTo(data);
        assertThat(list.udata(other)).isEqualTo(udata);
    }

    @Property
    void timeoutOfAWait(
            @ForAll Platform platform,
            @ForAll @LongRange(max = 2_000_000) long seconds,
            @ForAll @IntRange(max = 999_999_999) int nanos) {
        boolean capped = seconds >= platform.traits().maxWaitSeconds();
        StructImage expected = StructImage.of(platform, "timespec")
                .put("tv_sec", capped ? platform.traits().maxWaitSeconds() : seconds)
                .put("tv_nsec", capped ? 0 : nanos);
        MemoryCalls calls = new MemoryCalls(platform);
        calls.on("kqueue", arguments -> 5).on("fcntl", arguments -> 0).on("kevent", arguments -> {
            assertThat(calls.read((long) arguments[5], expected.size()))
                    .as(platform.id())
                    .isEqualTo(expected.bytes());
            return 1;
        });
        KqueueKernel kernel = new KqueueKernel(calls.syscalls(), platform);
        KEventList list = new KEventList(calls.syscalls(), platform.kevent(), 1);
        assertThat(kernel.kevent(list, 0, list, 1, seconds * NANOS_PER_SECOND + nanos))
                .isEqualTo(1);
    }

    @Property
    void trigger(@ForAll Platform platform, @ForAll @IntRange(max = 1_000_000) int ident, @ForAll long udata) {
        StructImage expected = image(
                platform,
                ident,
                platform.kqueue().EVFILT_USER(),
                0,
                platform.kqueue().NOTE_TRIGGER(),
                0,
                udata);
        MemoryCalls calls = new MemoryCalls(platform);
        calls.on("kqueue", arguments -> 5).on("fcntl", arguments -> 0).on("kevent", arguments -> {
            assertThat(arguments[2]).isEqualTo(1);
            assertThat(calls.read((long) arguments[1], expected.size()))
                    .as(platform.id())
                    .isEqualTo(expected.bytes());
            return 0;
        });
        assertThat(new KqueueKernel(calls.syscalls(), platform).trigger(ident, udata))
                .isZero();
    }
}
