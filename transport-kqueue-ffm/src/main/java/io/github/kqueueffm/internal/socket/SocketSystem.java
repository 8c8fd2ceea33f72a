// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What all sockets of one binding share. Any thread. */
final class SocketSystem {

    /** The one made last: a process has one binding, unless it tests bindings. */
    private static volatile @Nullable SocketSystem last;

    final Binding binding;
    final Platform platform;
    final Syscalls syscalls;
    final SocketAddressCodec codec;
    final Acceptor acceptor;
    final @Nullable SendfileForm sendfile;
    final @Nullable FastOpen fastOpen;

    private final FastThreadLocal<CallScratch> scratch;

    /** Whether an AF_INET6 socket refuses IP_TOS, remembered so that it is not tried for each. */
    volatile boolean inet6RefusesTos;

    private volatile @Nullable Inet6Support inet6;

    private SocketSystem(Binding binding) {
        this.binding = binding;
        platform = binding.platform();
        syscalls = binding.syscalls();
        codec = new SocketAddressCodec(platform);
        acceptor = new Acceptor(syscalls, platform);
        sendfile = SendfileForm.of(binding);
        fastOpen = FastOpen.of(binding);
        scratch = new FastThreadLocal<>() {
            @Override
            protected CallScratch initialValue() {
                return new CallScratch(binding);
            }
        };
    }

    static SocketSystem of(Binding binding) {
        SocketSystem system = last;
        if (system == null || system.binding != binding) {
            system = new SocketSystem(binding);
            last = system;
        }
        return system;
    }

    CallScratch scratch() {
        return scratch.get();
    }

    Inet6Support inet6() throws IOException {
        Inet6Support support = inet6;
        if (support == null) {
            // Two threads may both find out; they find the same.
            support = Inet6Support.probe(this);
            inet6 = support;
        }
        return support;
    }
}
