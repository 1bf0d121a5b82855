"""Files shipped with the product: policies, samples, licences, set-up."""
