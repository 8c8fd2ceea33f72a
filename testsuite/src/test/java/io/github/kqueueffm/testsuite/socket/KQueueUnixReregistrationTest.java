// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import io.github.kqueueffm.testsuite.support.KQueueUnixPairings;

class KQueueUnixReregistrationTest extends AbstractReregistrationTest implements KQueueUnixPairings {}
