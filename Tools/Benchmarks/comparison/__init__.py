# SPDX-License-Identifier: Apache-2.0
"""What `Tools/Benchmarks/compare` is made of."""
