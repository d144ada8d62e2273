export const fakeNode = () => ({ name: 'fake' })
